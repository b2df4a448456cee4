import { css } from 'lit'

/** A card of the page that manages a stream. */
export const card = css`
  :host(.card),
  .card {
    display: grid;
    gap: 12px;
    align-content: start;
    min-width: 0;
    padding: 16px 18px 18px;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  h2 {
    margin: 0;
    font-size: 0.875rem;
    font-weight: 600;
  }
  .note {
    margin: 0;
    color: var(--soft);
    text-wrap: pretty;
  }
  .form {
    display: grid;
    gap: 14px;
  }
  .form p {
    margin: 0;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 14px;
  }
  .row span {
    color: var(--soft);
  }
  code {
    font: 0.92em var(--mono);
    overflow-wrap: anywhere;
  }
  .button.danger {
    color: var(--live);
    border-color: color-mix(in srgb, var(--live) 45%, transparent);
  }
`

export const manageStyles = [
  card,
  css`
    :host {
      max-width: 1200px;
    }
    .columns {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1.15fr);
      gap: 16px;
      align-items: start;
    }
    .columns > div {
      display: grid;
      gap: 16px;
    }
    @media (max-width: 860px) {
      .columns {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
]
