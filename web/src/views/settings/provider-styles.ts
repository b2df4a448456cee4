import { css } from 'lit'

export const providerStyles = css`
  ol {
    display: grid;
    gap: 4px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    min-height: 28px;
  }
  .place {
    width: 14px;
    color: var(--faint);
    text-align: right;
  }
  li small {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    color: var(--faint);
    font-size: 12px;
  }
  small i {
    width: 7px;
    height: 7px;
    border: 2px solid currentColor;
    border-radius: 50%;
  }
  small.ok i {
    border-color: var(--good);
    background: var(--good);
  }
  small.failing i,
  small.probing i {
    border-color: var(--warn);
    background: var(--warn);
  }
  small.open i {
    border-color: var(--live);
    background: var(--live);
    border-radius: 1px;
    transform: rotate(45deg);
  }
  .moves {
    display: flex;
    gap: 3px;
    margin-left: auto;
  }
  .moves button {
    width: 26px;
    height: 26px;
    padding: 0;
    color: var(--soft);
    background: none;
    border: 1px solid var(--line);
    border-radius: 7px;
  }
  .moves button:hover:not(:disabled) {
    color: var(--ink);
    border-color: var(--faint);
  }
  .moves button:disabled {
    opacity: 0.35;
    cursor: default;
  }
  .link + .link {
    margin-left: 12px;
  }
  .more {
    padding-left: 22px;
  }
`
