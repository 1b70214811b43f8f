import { monitorEventLoopDelay } from "node:perf_hooks";
import type { FastifyInstance } from "fastify";
import { RollingTimes } from "../live/rolling-times.ts";

/** What only grows, as it is read. */
export interface Totals {
  readonly samples: number;
  readonly dropped: number;
}

export interface Series {
  readonly now: number;
  readonly points: readonly number[];
}

/** How often rates are read. */
export const EVERY_MS = 10_000;
const POINTS = 360;
type Name = "samplesPerSecond" | "droppedPerSecond" | "requestsPerSecond" | "cores" | "heapBytes";

/** Rates of the last hour in fixed arrays, and times of the last minutes. Reads what is counted anyway; costs nothing on the way of a sample. */
export class ServerWatch {
  readonly #totals: () => Totals;
  readonly #rates: Readonly<Record<Name, number[]>> = {
    samplesPerSecond: [],
    droppedPerSecond: [],
    requestsPerSecond: [],
    cores: [],
    heapBytes: [],
  };
  readonly #requests = new RollingTimes(Date.now);
  readonly #failures = new RollingTimes(Date.now);
  readonly #samples = new RollingTimes(Date.now);
  readonly #loop = monitorEventLoopDelay({ resolution: 20 });
  readonly #timer: NodeJS.Timeout;
  #answered = 0;
  #last: { readonly at: number; readonly totals: Totals; readonly answered: number; readonly cpu: NodeJS.CpuUsage };
  /** Of the interval before. */
  #loopP99Ms = 0;

  constructor(totals: () => Totals) {
    this.#totals = totals;
    this.#last = { at: performance.now(), totals: totals(), answered: 0, cpu: process.cpuUsage() };
    this.#loop.enable();
    this.#timer = setInterval(() => this.#take(), EVERY_MS).unref();
  }

  /** Counts what the server answers. */
  follow(app: FastifyInstance): void {
    app.addHook("onResponse", (_, reply, done) => {
      this.#answered += 1;
      this.#requests.record(reply.elapsedTime);
      if (reply.statusCode >= 500) this.#failures.record(reply.elapsedTime);
      done();
    });
    app.addHook("onClose", async () => this.close());
  }

  /** A tick handed its samples to the viewers, the oldest of which had come so many milliseconds before. */
  shown(milliseconds: number): void {
    this.#samples.record(milliseconds);
  }

  get rates(): Readonly<Record<Name, Series>> {
    const of = (name: Name): Series => ({ now: this.#rates[name].at(-1) ?? 0, points: [...this.#rates[name]] });
    return {
      samplesPerSecond: of("samplesPerSecond"),
      droppedPerSecond: of("droppedPerSecond"),
      requestsPerSecond: of("requestsPerSecond"),
      cores: of("cores"),
      heapBytes: of("heapBytes"),
    };
  }

  get requests(): { readonly count: number; readonly p50Ms: number; readonly p95Ms: number; readonly failed: number } | undefined {
    const [p50Ms, p95Ms] = [this.#requests.percentile(50), this.#requests.percentile(95)];
    if (p50Ms === undefined || p95Ms === undefined) return undefined;
    return { count: this.#requests.count, p50Ms, p95Ms, failed: this.#failures.count };
  }

  get eventLoopP99Ms(): number {
    return Math.max(this.#loopP99Ms, delayOf(this.#loop));
  }

  get samplesP95Ms(): number | undefined {
    return this.#samples.percentile(95);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#loop.disable();
  }

  #take(): void {
    const [before, cpu] = [this.#last, process.cpuUsage()];
    this.#last = { at: performance.now(), totals: this.#totals(), answered: this.#answered, cpu };
    const seconds = (this.#last.at - before.at) / 1_000;
    const used = cpu.user + cpu.system - before.cpu.user - before.cpu.system;
    // counts begin again where a world is opened again
    const rate = (now: number, then: number): number => Math.max(0, now - then) / seconds;
    this.#keep("samplesPerSecond", rate(this.#last.totals.samples, before.totals.samples));
    this.#keep("droppedPerSecond", rate(this.#last.totals.dropped, before.totals.dropped));
    this.#keep("requestsPerSecond", rate(this.#answered, before.answered));
    this.#keep("cores", used / 1e6 / seconds);
    this.#keep("heapBytes", process.memoryUsage().heapUsed);
    this.#loopP99Ms = delayOf(this.#loop);
    this.#loop.reset();
  }

  #keep(name: Name, value: number): void {
    const points = this.#rates[name];
    points.push(value);
    if (points.length > POINTS) points.shift();
  }
}

/** Milliseconds beyond the resolution. */
function delayOf(loop: ReturnType<typeof monitorEventLoopDelay>): number {
  const p99 = loop.percentile(99) / 1e6;
  return Number.isFinite(p99) ? Math.max(0, p99 - 20) : 0;
}
