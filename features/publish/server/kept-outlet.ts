import { message } from "@doppelwerk/kit";
import type { Outlet, OutletName } from "@doppelwerk/ports";
import { DoppelwerkError } from "@doppelwerk/world";

interface Closable {
  close(): Promise<void>;
}

interface Facts {
  readonly url: string;
  readonly isThere: boolean;
  readonly hasSecret?: boolean;
  readonly heardMs?: number | undefined;
}

/** An outlet as it was asked for: what is closed can be opened again. */
export class KeptOutlet<Request, Opened extends Closable> {
  readonly #name: OutletName;
  readonly #open: (request: Request) => Promise<Opened>;
  #request: Request | undefined;
  #opened: Opened | undefined;
  /** One turn after the other. */
  #turning: Promise<unknown> = Promise.resolve();

  constructor(name: OutletName, open: (request: Request) => Promise<Opened>) {
    this.#name = name;
    this.#open = open;
  }

  get opened(): Opened | undefined {
    return this.#opened;
  }

  get request(): Request | undefined {
    return this.#request;
  }

  async open(request: Request): Promise<Opened> {
    const opened = await this.#open(request);
    this.#request = request;
    return (this.#opened = opened);
  }

  /** It is known what it would be, and stays closed. */
  hold(request: Request): void {
    this.#request = request;
  }

  listed(facts: (opened: Partial<Opened>) => Facts): readonly Outlet[] {
    if (this.#request === undefined) return [];
    const { url, isThere, hasSecret = false, heardMs } = facts(this.#opened ?? {});
    const state = this.#opened === undefined ? "closed" : isThere ? "open" : "waiting";
    return [{ name: this.#name, url, state, hasSecret, ...(heardMs !== undefined && { heardMs }) }];
  }

  /** Errors: DW_NOT_FOUND where nobody asked for it, and those of opening. */
  turn(isOpen: boolean): Promise<void> {
    const turned = this.#turning.then(async () => {
      const request = this.#request;
      if (request === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("publish.notAskedFor", { outlet: this.#name }));
      if (!isOpen) await this.close();
      else if (this.#opened === undefined) await this.open(request);
    });
    this.#turning = turned.catch(() => {
      // told to who asked; the next turn begins anew
    });
    return turned;
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.close();
  }
}
