/** Where things stand on the Rail from top to bottom, pixels. */
export interface RailGeometry {
  readonly width: number;
  readonly height: number;
  readonly labelY: number;
  readonly alarmY: number;
  readonly bandTop: number;
  readonly bandHeight: number;
  /** Bands of lines below each other, and the top of each. */
  readonly bands: number;
  bandY(band: number): number;
  readonly changeY: number;
  /** Number of lane rows and their middles. */
  readonly laneRows: number;
  readonly laneHeight: number;
  laneY(row: number): number;
}

const [BAND_GAP, BELOW_BANDS] = [4, 26];

/** A thin rail (phones) has no lanes of its own height; a tall one (the Changes view) has many. */
export function railGeometry(width: number, height: number, lines = 1): RailGeometry {
  const thin = height < 90;
  const labelY = thin ? 11 : 15;
  const alarmY = labelY + (thin ? 12 : 15);
  const bandTop = alarmY + (thin ? 6 : 7);
  const bandHeight = thin ? 10 : 14;
  const step = bandHeight + BAND_GAP;
  // what stands below the bands needs its room
  const bands = thin ? 1 : Math.max(1, Math.min(lines, Math.floor((height - BELOW_BANDS - bandTop + BAND_GAP) / step)));
  const bandBottom = bandTop + bands * step - BAND_GAP;
  const changeY = bandBottom + (thin ? 7 : 9);
  const room = height - bandBottom - (thin ? 2 : 12);
  const laneRows = thin ? (room >= 14 ? 1 : 0) : Math.max(1, Math.floor(room / 30));
  const laneHeight = laneRows === 0 ? 0 : Math.min(44, room / laneRows);
  return {
    width,
    height,
    labelY,
    alarmY,
    bandTop,
    bandHeight,
    bands,
    bandY: (band) => bandTop + band * step,
    changeY,
    laneRows,
    laneHeight,
    laneY: (row) => Math.round(bandBottom + (thin ? 8 : 14) + laneHeight * (row + 0.5) - (thin ? 0 : 2)),
  };
}
