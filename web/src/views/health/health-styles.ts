import { css } from 'lit'

export const healthStyles = css`
  :host {
    max-width: 1680px;
  }
  .summary {
    color: var(--soft);
  }
  ma-notify-button {
    margin-left: auto;
  }
  .verdict {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    padding: 3px 11px;
    border-radius: 99px;
    font-size: 12.5px;
    font-weight: 500;
    color: var(--tone);
    background: color-mix(in srgb, var(--tone) 9%, var(--panel));
  }
  .verdict.good {
    --tone: var(--good);
  }
  .verdict.bad {
    --tone: var(--live);
  }
  .verdict i {
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: currentColor;
  }
  .verdict.bad i {
    border-radius: 1px;
    transform: rotate(45deg);
  }
  .banner {
    margin: 0 0 14px;
    padding: 10px 16px;
    border-radius: 10px;
    color: var(--ink);
    background: color-mix(in srgb, var(--warn) 18%, var(--panel));
    border: 1px solid color-mix(in srgb, var(--warn) 45%, transparent);
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 400px;
    gap: 16px;
    align-items: start;
  }
  section,
  aside {
    display: grid;
    gap: 14px;
    min-width: 0;
  }
  .none {
    padding: 28px 24px;
    background: var(--panel);
    border: 1px dashed var(--line);
    border-radius: var(--radius);
  }
  .none h2 {
    margin: 0 0 4px;
    font-size: 15px;
  }
  .none p {
    margin: 0;
    color: var(--soft);
  }
  @media (max-width: 1060px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`
