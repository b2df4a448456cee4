import { css } from 'lit'

/** Fields, buttons and lists of facts, as the pages for senders use them. */
export const forms = css`
  label,
  .field {
    display: grid;
    gap: 5px;
    font-size: 0.8125rem;
    color: var(--soft);
  }
  .check {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  input[type='password'],
  input[type='text'],
  input[type='email'],
  select {
    width: 100%;
    min-width: 0;
    height: 36px;
    padding: 0 10px;
    font: inherit;
    color: var(--ink);
    background: var(--bg);
    border: 1px solid var(--line);
    border-radius: 8px;
  }
  input[type='password'] {
    font-family: var(--mono);
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    height: 36px;
    padding: 0 14px;
    color: var(--ink);
    font-size: 0.8438rem;
    background: var(--raised);
    border: 1px solid var(--line);
    border-radius: 8px;
    text-decoration: none;
  }
  .button:hover:not(:disabled) {
    border-color: var(--faint);
  }
  .button:disabled,
  select:disabled,
  input:disabled {
    cursor: not-allowed;
    opacity: 0.6;
  }
  .button.primary {
    color: var(--on-accent);
    background: var(--accent);
    border-color: var(--accent);
    font-weight: 600;
  }
  .button.stop {
    color: var(--bg);
    background: var(--live);
    border-color: var(--live);
    font-weight: 600;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 7px 16px;
    margin: 0;
  }
  dt {
    color: var(--soft);
  }
  dd {
    margin: 0;
    text-align: right;
    overflow-wrap: anywhere;
  }
  .said {
    margin: 0;
    padding: 10px 14px;
    border-radius: 10px;
    color: var(--ink);
    background: color-mix(in srgb, var(--warn) 18%, var(--panel));
    border: 1px solid color-mix(in srgb, var(--warn) 45%, transparent);
  }
  .said.bad {
    background: color-mix(in srgb, var(--live) 14%, var(--panel));
    border-color: color-mix(in srgb, var(--live) 45%, transparent);
  }
`
