import type { Metric } from "@doppelwerk/kit/server";
import { Counter, Gauge, Registry } from "prom-client";

/** What the open features of a world measure, read when it is asked for. */
export class FeatureMetrics {
  readonly #metrics = new Map<string, Metric>();

  /** Until the signal ends. A name that is taken is a bug of the feature. */
  add(metric: Metric, until: AbortSignal): void {
    const { name } = metric;
    if (this.#metrics.has(name)) throw new Error(`two metrics are named ${name}`);
    this.#metrics.set(name, metric);
    until.addEventListener("abort", () => this.#metrics.delete(name), { once: true });
  }

  /** In the text format of Prometheus. */
  async text(): Promise<string> {
    const registry = new Registry();
    for (const { kind, name, help, labels = [], read } of this.#metrics.values()) {
      const options = { name: `doppelwerk_${name}`, help, labelNames: [...labels], registers: [registry] };
      const metric = kind === "gauge" ? new Gauge(options) : new Counter(options);
      metric.reset();
      for (const { value, labels: of = {} } of read()) metric.inc({ ...of }, value);
    }
    return registry.metrics();
  }
}
