import { css } from 'lit'

/** Styles of editing, beside forms.ts: numbers, searches, sliders, switches, panels that ask or confirm. */
export const editing = css`
  input[type='number'],
  input[type='search'] {
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
  input[aria-invalid='true'] {
    border-color: var(--live);
  }
  input[type='range'] {
    width: 100%;
    margin: 0;
    accent-color: var(--accent);
  }
  input[type='checkbox'] {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--accent);
  }
  .button.small {
    height: 28px;
    padding: 0 10px;
    font-size: 0.7812rem;
  }
  .button.danger {
    color: var(--live);
    background: none;
  }
  .link {
    padding: 0;
    border: 0;
    color: var(--accent);
    background: none;
    font-size: 0.7812rem;
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 10px;
  }
  .grow {
    flex: 1;
  }
  .hint {
    margin: 0;
    color: var(--faint);
    font-size: 0.7812rem;
  }
  .wrong {
    margin: 0;
    color: var(--live);
    font-size: 0.7812rem;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 1px 9px;
    border-radius: 99px;
    color: var(--soft);
    background: var(--raised);
    font-size: 0.75rem;
    white-space: nowrap;
  }
  .box {
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
`
