import { css } from 'lit'

export const exploreStyles = css`
  :host {
    max-width: 1920px;
  }
  .title {
    align-items: baseline;
  }
  .title p {
    margin: 0;
    color: var(--soft);
  }
  .said {
    margin: 12px 0 0;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    align-items: start;
    margin-top: 14px;
  }
  .columns.open {
    grid-template-columns: minmax(0, 1fr) 420px;
  }
  ma-explore-details {
    position: sticky;
    top: 14px;
    max-height: calc(100vh - 28px);
  }
  .fresh {
    position: sticky;
    z-index: 1;
    top: 10px;
    justify-self: center;
    margin-bottom: -6px;
    border-radius: 99px;
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.3);
  }
  .end {
    margin: 14px 0 0;
    text-align: center;
    color: var(--soft);
  }
  .nothing {
    max-width: 620px;
    margin: clamp(20px, 8vh, 80px) auto;
    color: var(--soft);
  }
  .nothing h2 {
    margin: 0 0 6px;
    font-size: 1.0625rem;
    color: var(--ink);
  }
  .nothing p {
    margin: 0 0 12px;
  }
  @media (max-width: 900px) {
    .columns.open {
      grid-template-columns: minmax(0, 1fr);
    }
    ma-explore-details {
      position: fixed;
      z-index: 3;
      inset: 0;
      max-height: none;
      border: 0;
      border-radius: 0;
    }
  }
`

export const filterStyles = css`
  form {
    display: grid;
    grid-template-columns: 1.4fr 1.2fr 0.9fr 1.1fr 1.2fr 1.2fr auto;
    gap: 10px 12px;
    align-items: end;
    padding: 12px 14px;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  label {
    min-width: 0;
  }
  input[type='datetime-local'] {
    width: 100%;
    min-width: 0;
    height: 36px;
    padding: 0 8px;
    font: inherit;
    color: var(--ink);
    background: var(--bg);
    border: 1px solid var(--line);
    border-radius: 8px;
  }
  input[type='range'] {
    width: 100%;
    height: 36px;
    margin: 0;
    accent-color: var(--accent);
  }
  .sure span {
    display: flex;
    justify-content: space-between;
  }
  output {
    color: var(--ink);
  }
  @media (max-width: 1180px) {
    form {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
  }
  @media (max-width: 560px) {
    form {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .wide {
      grid-column: 1 / -1;
    }
  }
`

export const detailsStyles = css`
  :host {
    overflow: auto;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  header {
    display: flex;
    align-items: start;
    gap: 12px;
    padding: 12px 10px 10px 16px;
  }
  h2,
  h3 {
    margin: 0;
    font-size: 0.875rem;
  }
  h2 {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  h2 small {
    display: block;
    font-weight: 400;
  }
  h3 {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 2px 12px;
    padding-bottom: 4px;
    font-size: 0.8125rem;
    text-transform: capitalize;
  }
  h3 small {
    font-weight: 400;
    text-transform: none;
    overflow-wrap: anywhere;
  }
  small {
    font-size: 0.75rem;
    color: var(--faint);
  }
  .close {
    flex: none;
    width: 32px;
    height: 32px;
    padding: 0;
    font-size: 1.25rem;
    line-height: 1;
    color: var(--soft);
    background: none;
    border: 0;
    border-radius: 8px;
  }
  .close:hover {
    background: var(--raised);
  }
  .body {
    display: grid;
    gap: 16px;
    padding: 14px 16px 16px;
  }
  .body p {
    margin: 0;
  }
  .body p:not(.said) {
    color: var(--soft);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: 64px minmax(0, 1fr) auto;
    gap: 12px;
    align-items: center;
    padding: 7px 0;
    border-top: 1px solid var(--line);
  }
  li b {
    display: block;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  ma-crop {
    aspect-ratio: 16 / 10;
    border-radius: 6px;
    box-shadow: 0 0 0 2px var(--k);
  }
  .score {
    width: 52px;
    text-align: right;
  }
  .score > i {
    display: block;
    height: 4px;
    margin-top: 5px;
    overflow: hidden;
    background: var(--raised);
    border-radius: 2px;
  }
  .score > i > i {
    display: block;
    height: 100%;
    background: var(--k);
  }
`
