import { css } from 'lit'

export const settingsStyles = css`
  :host {
    max-width: 1480px;
  }
  .title select {
    width: auto;
    min-width: 220px;
    max-width: 100%;
  }
  .title p {
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
    .title select {
      width: 100%;
    }
  }
`
