import { css } from 'lit'

export const uploadStyles = css`
  :host {
    max-width: 680px;
    margin: 0 auto;
    padding: 16px 20px 32px;
  }
  h1 {
    margin: 2px 0 16px;
    font-size: 21px;
    letter-spacing: -0.02em;
    overflow-wrap: anywhere;
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
