import { css } from 'lit'

export const deadLetterStyles = css`
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    gap: 3px;
    padding: 10px 16px 12px;
    border-top: 1px solid var(--line);
  }
  b {
    font: 600 12.5px var(--mono);
    overflow-wrap: anywhere;
  }
  li p {
    margin: 0;
    color: var(--soft);
    overflow-wrap: anywhere;
  }
  small {
    color: var(--faint);
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  li div {
    display: flex;
    gap: 8px;
    margin-top: 6px;
  }
  li .button,
  .actions .button {
    height: 30px;
    padding: 0 12px;
    font-size: 13px;
  }
  .actions {
    margin: 0;
    padding: 0 16px 14px;
  }
  .said {
    margin: 0 16px 12px;
  }
  ma-unlock {
    --unlock-margin: 0;
    --unlock-border: 0;
  }
`
