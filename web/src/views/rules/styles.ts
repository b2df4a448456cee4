import { css } from 'lit'

/** Forms and lists of the rules' view. */
export const panel = css`
  form,
  ul.rows {
    margin: 0 0 16px;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  form {
    display: grid;
    gap: 12px;
    padding: 16px 18px 18px;
  }
  h2 {
    margin: 0;
    font-size: 0.875rem;
    font-weight: 600;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 12px;
  }
  .line label:not(.check) {
    flex: 1 1 170px;
  }
  p {
    margin: 0;
    color: var(--soft);
    overflow-wrap: anywhere;
  }
`
