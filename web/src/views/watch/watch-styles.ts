import { css } from 'lit'

export const watchStyles = css`
  :host {
    max-width: 1680px;
  }
  .title span {
    color: var(--soft);
  }
  ma-filter-bar {
    margin-left: auto;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 348px;
    grid-template-areas: 'player aside' 'timeline aside' 'sightings aside';
    grid-template-rows: auto auto 1fr;
    gap: 16px;
    align-items: start;
  }
  ma-player {
    grid-area: player;
  }
  ma-session-timeline {
    grid-area: timeline;
  }
  ma-sightings {
    grid-area: sightings;
  }
  aside {
    grid-area: aside;
    display: grid;
    gap: 14px;
    min-width: 0;
  }
  .banner {
    margin: 0 0 14px;
    padding: 10px 16px;
    border-radius: 10px;
    color: var(--ink);
    background: color-mix(in srgb, var(--warn) 18%, var(--panel));
    border: 1px solid color-mix(in srgb, var(--warn) 45%, transparent);
  }
  .banner.calm {
    background: var(--panel);
    border-color: var(--line);
  }
  .banner.bad {
    background: color-mix(in srgb, var(--live) 14%, var(--panel));
    border-color: color-mix(in srgb, var(--live) 45%, transparent);
  }
  @media (max-width: 960px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
      grid-template-areas: none;
      grid-template-rows: none;
    }
    .columns > *,
    aside > * {
      grid-area: auto;
    }
    aside {
      display: contents;
    }
    ma-picture-panel,
    ma-session-panel,
    ma-sessions-panel {
      order: 1;
    }
    ma-sightings {
      order: 2; /* as long as a session: nothing is looked for below it */
    }
    ma-filter-bar {
      margin-left: 0;
    }
  }
  @media (max-width: 560px) {
    .columns,
    aside {
      gap: 12px;
    }
    ma-player {
      margin: 0 -12px;
      border-width: 1px 0;
      border-radius: 0;
    }
  }
`
