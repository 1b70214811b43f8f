import type { SparkplugMetric } from "./payload.ts";

interface KnownMetric {
  readonly device: string;
  readonly name: string;
  readonly dataType: number;
}

/** What the host knows of one edge node: whether it was born, its sequence and the names behind its aliases (Sparkplug 3.0, 6.4). */
export class EdgeNode {
  readonly group: string;
  readonly node: string;
  born = false;
  /** A message is missing since the last birth: aliases may mean something else. */
  doubtful = false;
  #bdSeq: number | undefined;
  #nextSeq = 0;
  readonly #aliases = new Map<number, KnownMetric>();
  readonly #types = new Map<string, number>();
  readonly #devices = new Set<string>();

  constructor(group: string, node: string) {
    this.group = group;
    this.node = node;
  }

  get key(): string {
    return `${this.group}/${this.node}`;
  }

  birth(seq: number | undefined, metrics: readonly SparkplugMetric[]): void {
    const bdSeq = metrics.find((metric) => metric.name === "bdSeq")?.value;
    this.#bdSeq = bdSeq === undefined ? undefined : Number(bdSeq);
    this.born = true;
    this.doubtful = false;
    this.#nextSeq = ((seq ?? 0) + 1) % 256;
    this.#aliases.clear();
    this.#types.clear();
    this.#devices.clear();
    this.#learn("", metrics);
  }

  deviceBirth(device: string, metrics: readonly SparkplugMetric[]): void {
    this.#devices.add(device);
    this.#learn(device, metrics);
  }

  deviceIsBorn(device: string): boolean {
    return this.#devices.has(device);
  }

  deviceDeath(device: string): void {
    this.#devices.delete(device);
  }

  /** False for the will of an earlier session, delivered late. */
  isOwnDeath(metrics: readonly SparkplugMetric[]): boolean {
    const bdSeq = metrics.find((metric) => metric.name === "bdSeq")?.value;
    return this.#bdSeq === undefined || bdSeq === undefined || Number(bdSeq) === this.#bdSeq;
  }

  death(): void {
    this.born = false;
    this.#devices.clear();
  }

  /** Number of messages missing before this one. */
  follow(seq: number | undefined): number {
    if (seq === undefined) return 0;
    const missing = (seq - this.#nextSeq + 256) % 256;
    this.#nextSeq = (seq + 1) % 256;
    if (missing > 0) this.doubtful = true;
    return missing;
  }

  typeOf(device: string, name: string | undefined, alias: number | undefined): number {
    if (name !== undefined) return this.#types.get(`${device}/${name}`) ?? 0;
    return alias === undefined ? 0 : (this.#aliases.get(alias)?.dataType ?? 0);
  }

  /** `group/node/device/metric`, the address of a signal; undefined for an alias no birth explained. */
  addressOf(device: string, metric: SparkplugMetric): string | undefined {
    if (metric.name !== undefined) return `${this.key}/${device}/${metric.name}`;
    const known = metric.alias === undefined ? undefined : this.#aliases.get(metric.alias);
    return known === undefined ? undefined : `${this.key}/${known.device}/${known.name}`;
  }

  #learn(device: string, metrics: readonly SparkplugMetric[]): void {
    for (const { name, alias, dataType } of metrics) {
      if (name === undefined) continue;
      this.#types.set(`${device}/${name}`, dataType);
      if (alias !== undefined) this.#aliases.set(alias, { device, name, dataType });
    }
  }
}
