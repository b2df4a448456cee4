import { css } from 'lit'

export const barStyles = css`
  :host {
    padding: 6px 12px 7px;
    color: var(--ink);
    container-type: inline-size;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 7px;
    flex: none;
    min-width: 34px;
    height: 34px;
    padding: 0 8px;
    border: 0;
    border-radius: 8px;
    background: none;
    white-space: nowrap;
    transition: background 120ms;
  }
  button:hover {
    background: var(--raised);
  }
  button[aria-pressed='true'] {
    color: var(--accent);
    box-shadow: inset 0 -2px var(--accent);
  }
  .time {
    padding: 0 6px;
    font-size: 0.8125rem;
    white-space: nowrap;
  }
  .edge {
    margin-left: auto;
    font-size: 0.7812rem;
  }
  .edge i {
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--faint);
  }
  .edge.at i {
    background: var(--live);
  }
  .edge.at .wide {
    margin-left: -7px;
  }
  select {
    height: 30px;
    padding: 0 4px;
    font: inherit;
    font-size: 0.8125rem;
    color: inherit;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 8px;
  }
  input {
    width: 70px;
    height: 18px;
    margin: 0 4px 0 0;
    accent-color: var(--accent);
  }
  @container (max-width: 560px) {
    .wide {
      display: none;
    }
    .row {
      gap: 0;
    }
  }
`
