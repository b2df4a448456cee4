import { css } from 'lit'

/** Tables of figures. */
export const tables = css`
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.8125rem;
  }
  th {
    padding: 5px 8px;
    text-align: right;
    font-size: 0.7188rem;
    font-weight: 500;
    color: var(--faint);
    white-space: nowrap;
  }
  td {
    padding: 6px 8px;
    text-align: right;
    border-top: 1px solid var(--line);
    white-space: nowrap;
  }
  th:first-child,
  td:first-child {
    padding-left: 16px;
    text-align: left;
    white-space: normal;
  }
  th:last-child,
  td:last-child {
    padding-right: 16px;
  }
  td small {
    color: var(--faint);
    font-size: 0.75rem;
  }
`
