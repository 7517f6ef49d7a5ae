// How the playground's parts stand together: data, network and output side by side where there is
// room, as one column where there is not.
import { css } from '../css.js';

export const frameStyles = css`
  @container (inline-size >= 560px) {
    .figure.playground.mapped {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      grid-template-areas:
        'controls controls'
        'toolbar toolbar'
        'data predictions'
        'layers layers'
        'network network'
        'loss loss'
        'training training'
        'watch watch';
      align-items: start;
    }
    .playground .problem {
      grid-column: 1 / -1;
    }
    .playground .toolbar-part {
      grid-area: toolbar;
    }
    .playground .data-part {
      grid-area: data;
    }
    .playground .layers-part {
      grid-area: layers;
    }
    .playground .network-part {
      grid-area: network;
    }
    .playground .predictions-part {
      grid-area: predictions;
    }
    .playground .controls-part {
      grid-area: controls;
      margin-block-end: 12px;
    }
    .playground .loss-part {
      grid-area: loss;
    }
    .playground .training-part {
      grid-area: training;
    }
    .playground .watch-part {
      grid-area: watch;
    }
  }
  @container (inline-size >= 900px) {
    .figure.playground.mapped.networked:is(*, .several) {
      grid-template-columns: 220px minmax(0, 1fr) 280px;
      grid-template-rows: auto auto 1fr;
      grid-template-areas:
        'controls controls toolbar'
        'data layers predictions'
        'data network predictions'
        'loss loss loss'
        'training training training'
        'watch watch watch';
    }
  }
`;
