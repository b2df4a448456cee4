import { css } from 'lit'

export const sponsorStyles = css`
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 10px 16px;
    padding: 0 16px 12px;
  }
  .controls .buttons {
    display: flex;
    gap: 6px;
    margin-left: auto;
  }
  .hint {
    color: var(--soft);
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr));
    border-top: 1px solid var(--line);
  }
  article {
    min-width: 0;
    padding: 12px 16px 14px;
    border-right: 1px solid var(--line);
    border-bottom: 1px solid var(--line);
  }
  header {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 12px;
  }
  h3 {
    margin: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: 1rem;
    font-weight: 600;
  }
  h3::before {
    content: '';
    display: inline-block;
    width: 10px;
    height: 10px;
    margin-right: 8px;
    border-radius: 3px;
    background: var(--k);
  }
  strong {
    font-size: 1.5rem;
    font-variant-numeric: tabular-nums;
  }
  small {
    margin-left: 2px;
    font-size: 0.75rem;
    font-weight: 500;
    color: var(--faint);
  }
  .drawn {
    display: grid;
    grid-template-columns: minmax(0, 11fr) minmax(0, 9fr);
    gap: 14px;
    margin: 8px 0 10px;
  }
  .nine {
    display: grid;
    grid-template: repeat(3, 1fr) / repeat(3, 1fr);
    gap: 2px;
    aspect-ratio: 16 / 9;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .nine li {
    display: grid;
    border-radius: 2px;
    background: color-mix(in oklab, var(--k) calc(34% * var(--part, 0)), var(--raised));
  }
  .nine a {
    display: grid;
    place-items: center;
    font-size: 0.7188rem;
    color: var(--ink);
    text-decoration: none;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 2px;
    padding: 0;
    align-content: space-between;
    margin: 0;
    font-size: 0.7812rem;
  }
  dl div {
    display: flex;
    justify-content: space-between;
    padding-bottom: 2px;
    background: linear-gradient(var(--k), var(--k)) left bottom / calc(100% * var(--part)) 2px no-repeat;
  }
  dt {
    color: var(--soft);
  }
  dd {
    margin: 0;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
    gap: 4px 14px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.8125rem;
  }
  summary {
    cursor: pointer;
  }
  .figures p {
    margin: 2px 0 6px 14px;
    font-variant-numeric: tabular-nums;
  }
  .figures p a {
    display: inline-block;
    margin-right: 6px;
  }
  .facts {
    margin: 10px 0 0;
    font-size: 0.8125rem;
    color: var(--soft);
  }
  .said,
  .empty,
  .formulas {
    margin: 0;
    padding: 10px 16px;
  }
  .formulas p {
    max-width: 100ch;
    margin: 6px 0;
    font-size: 0.8125rem;
    color: var(--soft);
  }
  @media print {
    .controls {
      display: none;
    }
    article {
      break-inside: avoid;
    }
    .nine li,
    dl div,
    h3::before {
      print-color-adjust: exact;
    }
  }
`
