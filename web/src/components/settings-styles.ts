import { css } from 'lit'

export const settingsStyles = css`
  :host {
    max-width: 1480px;
    margin: 0 auto;
    padding: 16px 20px 32px;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 14px;
    margin: 2px 0 14px;
  }
  h1 {
    margin: 0;
    font-size: 21px;
    letter-spacing: -0.02em;
  }
  header select {
    width: auto;
    min-width: 220px;
    max-width: 100%;
  }
  header p {
    flex: 1 1 300px;
    margin: 0;
    color: var(--soft);
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 440px;
    gap: 16px;
    align-items: start;
  }
  .sections {
    display: grid;
    gap: 14px;
  }
  ma-gate {
    position: sticky;
    top: 16px;
  }
  .bar {
    display: grid;
    gap: 10px;
    padding: 10px 14px;
  }
  .bar.changed {
    position: sticky;
    bottom: 12px;
    z-index: 1;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.28);
  }
  @media (max-width: 1080px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
    ma-gate {
      position: static;
    }
  }
  @media (max-width: 560px) {
    :host {
      padding: 12px 12px 24px;
    }
    header select {
      width: 100%;
    }
  }
`
