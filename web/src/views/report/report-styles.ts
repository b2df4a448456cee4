import { css } from 'lit'

export const reportStyles = css`
  :host {
    max-width: 1280px;
  }
  .title {
    align-items: end;
    justify-content: space-between;
  }
  h1 a {
    color: var(--soft);
    font-weight: 500;
    text-decoration: none;
  }
  h1 a:hover {
    text-decoration: underline;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 10px;
  }
  .choices label {
    min-width: 110px;
  }
  .buttons {
    display: flex;
    gap: 6px;
  }
  .facts {
    margin: 0 0 12px;
    color: var(--soft);
  }
  .said {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 14px;
    margin: 0 0 12px;
  }
  ma-report-exposure,
  ma-report-sponsor,
  ma-report-cost {
    margin-top: 14px;
  }
  @media (max-width: 560px) {
    .choices {
      width: 100%;
    }
    .choices label {
      flex: 1 1 0;
    }
    .choices label:first-child {
      flex: 2 1 0;
    }
  }
  @media print {
    :host {
      max-width: none;
      padding: 0;
    }
    .buttons {
      display: none;
    }
    select {
      appearance: none;
      padding: 0;
      border: 0;
    }
  }
`

export const exposureStyles = css`
  .wide {
    position: relative; /* what is hidden but for screen readers scrolls along, and widens no page */
    overflow-x: auto;
  }
  tbody th {
    max-width: 220px;
    padding: 6px 8px 6px 16px;
    overflow: hidden;
    text-align: left;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 0.8125rem;
    font-weight: 600;
    color: var(--ink);
    border-top: 1px solid var(--line);
  }
  th.bar,
  td.bar {
    width: 24%;
    min-width: 130px;
    text-align: left;
  }
  td.bar {
    position: relative;
  }
  td.bar i {
    position: absolute;
    inset: 5px auto 5px 8px;
    width: calc((100% - 16px) * var(--part));
    min-width: 2px;
    border-radius: 3px;
    background: color-mix(in oklab, var(--k) 34%, transparent);
    border-left: 3px solid var(--k);
  }
  td.bar span {
    position: relative;
    padding-left: 9px;
    font-weight: 600;
  }
  th.lane,
  td.lane {
    width: 26%;
    min-width: 150px;
    text-align: left;
  }
  svg {
    display: block;
    width: 100%;
    height: 12px;
    background: var(--raised);
    border-radius: 3px;
  }
  path {
    fill: var(--k);
  }
  .more {
    margin: 0;
    padding: 6px 16px 10px;
    border-top: 1px solid var(--line);
  }
  .link {
    padding: 4px 0;
    border: 0;
    background: none;
    color: var(--accent);
    text-decoration: underline;
  }
  ma-report-chart {
    border-top: 1px solid var(--line);
  }
  .empty {
    padding-top: 10px;
    border-top: 1px solid var(--line);
  }
  h2 + .empty {
    padding-top: 0;
    border: 0;
  }
  @media print {
    :host {
      border: 0;
      overflow: visible;
    }
    .wide {
      overflow: visible;
    }
    tr,
    ma-report-chart {
      break-inside: avoid;
    }
    thead {
      display: table-header-group;
    }
    .more {
      display: none;
    }
    td.bar i,
    path,
    svg {
      print-color-adjust: exact;
    }
  }
`
