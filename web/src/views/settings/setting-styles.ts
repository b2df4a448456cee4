import { css } from 'lit'

/** A section of settings: rows of label, control and default. */
export const settingStyles = css`
  .note {
    margin: -4px 0 0;
    padding: 0 16px 12px;
    color: var(--soft);
    font-size: 0.8125rem;
  }
  .setting {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1.6fr) 182px;
    gap: 6px 18px;
    align-items: start;
    padding: 10px 16px;
    border-top: 1px solid var(--line);
  }
  .setting b {
    font-size: 0.8438rem;
    font-weight: 600;
  }
  .setting .check {
    color: var(--ink);
  }
  .setting .hint.under {
    padding-left: 24px;
  }
  .number {
    display: grid;
    grid-template-columns: 76px 1fr;
    gap: 8px;
    align-items: center;
    color: var(--soft);
    font-size: 0.7812rem;
    white-space: nowrap;
  }
  .number input {
    height: 32px;
    text-align: right;
  }
  .from {
    color: var(--faint);
    font-size: 0.75rem;
  }
  .own {
    color: var(--accent);
    font-size: 0.75rem;
    font-weight: 600;
  }
  .wrong {
    grid-column: 1 / -1;
  }
  @media (max-width: 720px) {
    .setting {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`
