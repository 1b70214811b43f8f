import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { Refusal } from "../kit/http-service.ts";

/** What others tell the ERP. `id` is given by the sender: what is sent twice counts once. */
export interface Received {
  readonly id: string;
  readonly kind: "confirmation" | "goodsReceipt";
  readonly order: string;
  readonly good: number;
  readonly scrap: number;
  readonly time: string;
}

/** Kept on disk before it is answered. */
export class Inbox {
  readonly #file: string;
  readonly #all = new Map<string, Received>();

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    const text = readFileSync(file, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    truncateSync(file, Buffer.byteLength(whole));
    for (const line of whole.split("\n").slice(0, -1)) {
      const received = JSON.parse(line) as Received;
      this.#all.set(received.id, received);
    }
  }

  get all(): readonly Received[] {
    return [...this.#all.values()];
  }

  /** False: it was known. */
  take(received: Received): boolean {
    const known = this.#all.get(received.id);
    if (known !== undefined) {
      if (known.order !== received.order || known.kind !== received.kind || known.good !== received.good || known.scrap !== received.scrap)
        throw new Refusal(409, `${received.id} was received before with other content`);
      return false;
    }
    const handle = openSync(this.#file, "a");
    try {
      writeSync(handle, `${JSON.stringify(received)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    this.#all.set(received.id, received);
    return true;
  }
}
