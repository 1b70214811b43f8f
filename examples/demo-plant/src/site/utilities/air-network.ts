/** Bar, m³/h of free air, kilowatts, seconds. */
export interface AirDemand {
  readonly line3: number;
  readonly line4: number;
  readonly shift: boolean;
  /** Compressors that cannot run. */
  readonly tripped: readonly [boolean, boolean];
}

interface Compressor {
  /** 0 to 1 of what it can deliver. */
  load: number;
  /** Index in `compressorStates`. */
  state: number;
  powerKw: number;
}

/** The first runs at one speed and loads or idles; the second follows the pressure. */
const capacity = [205, 270] as const;
const fullPower = [29, 33] as const;
/** Receiver and pipes, m³: a deficit of 120 m³/h lowers the pressure by half a bar a minute. */
const volumeM3 = 4.2;
/** Holes and couplings, m³/h at 7 bar, day and night. */
const leakAt7Bar = 42;
const stepS = 2;

/** At night one compressor keeps the main up for the leaks alone. */
export class AirNetwork {
  readonly compressors: readonly [Compressor, Compressor] = [
    { load: 0, state: 1, powerKw: 0 },
    { load: 0, state: 1, powerKw: 0 },
  ];
  pressure = 7;
  /** Through the dryer into the main. */
  flow = 0;

  advance(seconds: number, demand: AirDemand): void {
    for (let left = seconds; left > 0; left -= stepS) this.#step(Math.min(stepS, left), demand);
  }

  /** Leaks follow the pressure. */
  get leakage(): number {
    return (leakAt7Bar * (this.pressure + 1)) / 8;
  }

  #step(seconds: number, demand: AirDemand): void {
    const [first, second] = this.compressors;
    this.#control(first, second, demand);
    const supply = first.load * capacity[0] + second.load * capacity[1];
    // A pressure that is low gives less air to whoever takes it.
    const taken = (demand.line3 + demand.line4) * Math.min(1, (this.pressure + 1) / 7.2) + this.leakage;
    this.pressure = Math.max(0, this.pressure + ((supply - taken) / volumeM3 / 3600) * seconds);
    this.flow = supply;
  }

  #control(first: Compressor, second: Compressor, { shift, tripped }: AirDemand): void {
    const { pressure } = this;
    // Base load by day; at night the second alone.
    if (tripped[0]) set(first, 0, 4, 0.4);
    else if (!shift && pressure > 6.4 && !tripped[1]) set(first, 0, 1, 0.4);
    else if (pressure < 6.7 || (first.load > 0 && pressure < 7.25)) set(first, 1, 3, fullPower[0]);
    else set(first, 0, 2, 7.5);
    // The second is full at 6.75 bar and stops at 7.15.
    const load = Math.min(1, Math.max(0, (7.15 - pressure) / 0.4));
    if (tripped[1]) set(second, 0, 4, 0.4);
    else if (load < 0.08) set(second, 0, 2, 2.2);
    else set(second, load, 3, 4 + 29 * load);
  }
}

function set(compressor: Compressor, load: number, state: number, powerKw: number): void {
  compressor.load = load;
  compressor.state = state;
  compressor.powerKw = powerKw;
}
