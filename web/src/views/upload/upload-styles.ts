import { css } from 'lit'

export const uploadStyles = css`
  :host {
    max-width: 680px;
  }
  h1 {
    margin: 2px 0 16px;
  }
  .panel {
    display: grid;
    gap: 14px;
    padding: 18px;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .drop {
    display: grid;
    justify-items: center;
    gap: 6px;
    padding: 32px 20px;
    text-align: center;
    cursor: pointer;
    border: 2px dashed var(--line);
    border-radius: var(--radius);
  }
  .drop.over,
  .drop:hover,
  .drop:focus-within {
    border-color: var(--accent);
  }
  .drop b {
    color: var(--ink);
    font-size: 15px;
    overflow-wrap: anywhere;
  }
  .drop input {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
  }
  p {
    margin: 0;
  }
  progress {
    width: 100%;
    accent-color: var(--accent);
  }
`
