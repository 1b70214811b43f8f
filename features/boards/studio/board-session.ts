import { createStore, errorCode, errorText, type Store, type Studio } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { BoardAct, ShownBoard, ShownTile } from "../contract.ts";
import { folded, withActs } from "../model/acts.ts";

/** What the server refuses for good; everything else is sent again. */
const REFUSED: ReadonlySet<string> = new Set(["DW_CONFLICT", "DW_NOT_FOUND", "DW_FORBIDDEN", "DW_INVALID"]);
const AGAIN_MS = 2_000;

/** What a person did that the server would not take: kept until they decide. */
export interface Refusal {
  readonly act: BoardAct;
  readonly text: string;
  readonly code: string | undefined;
}

export interface SessionState {
  /** With everything that was done here. */
  readonly board: ShownBoard | undefined;
  /** Acts that the server has not answered yet. */
  readonly waiting: number;
  readonly isOffline: boolean;
  readonly refusals: readonly Refusal[];
}

/**
 * A board while somebody lays it out: what is done shows at once, is kept in this browser until the server has it, and is laid over what others do
 * meanwhile. Nothing is lost by a break of the network or a closed window.
 */
export class BoardSession {
  readonly state: Store<SessionState>;
  readonly #studio: Studio;
  readonly #id: string;
  readonly #branch: string;
  #base: ShownBoard | undefined;
  #acts: readonly BoardAct[];
  #sending = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(studio: Studio, id: string, branch: string) {
    this.#studio = studio;
    this.#id = id;
    this.#branch = branch;
    this.#acts = keptActs(this.#key);
    this.state = createStore<SessionState>({ board: undefined, waiting: this.#acts.length, isOffline: false, refusals: [] });
    addEventListener("online", this.#send);
  }

  get #key(): string {
    return `doppelwerk.board ${this.#studio.address.store.get().world ?? ""} ${this.#branch} ${this.#id}`;
  }

  /** As the server has it now. */
  loaded(board: ShownBoard): void {
    // an older answer that was under way
    if (this.#base !== undefined && board.revision < this.#base.revision) return;
    this.#base = board;
    this.#show();
    if (this.#acts.length > 0 && this.#sending === 0) this.#send();
  }

  act(...acts: readonly BoardAct[]): void {
    if (acts.length === 0) return;
    const sent = this.#acts.slice(0, this.#sending);
    this.#acts = [...sent, ...folded([...this.#acts.slice(this.#sending), ...acts])];
    this.#keep();
    this.#show();
    if (this.#sending === 0) this.#send();
  }

  /** The person decided: what was refused is dropped, or done after all. */
  settle(refusal: Refusal, instead?: BoardAct): void {
    this.state.update((held) => ({ ...held, refusals: held.refusals.filter((each) => each !== refusal) }));
    if (instead !== undefined) this.act(instead);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    removeEventListener("online", this.#send);
  }

  readonly #send = (): void => {
    clearTimeout(this.#timer);
    if (this.#acts.length === 0 || this.#sending > 0 || this.#isClosed) return;
    const acts = this.#acts.slice(0, 200);
    this.#sending = acts.length;
    calls
      .act(this.#studio.client, { params: { id: this.#id }, query: { branch: this.#branch }, body: { acts: [...acts] } })
      .then((board) => this.#answered(board, acts.length))
      .catch((error: unknown) => this.#failed(error, acts));
  };

  #answered(board: ShownBoard, count: number): void {
    this.#acts = this.#acts.slice(count);
    this.#sending = 0;
    this.#base = board;
    this.#keep();
    this.state.update((held) => ({ ...held, isOffline: false }));
    this.#show();
    this.#send();
  }

  #failed(error: unknown, acts: readonly BoardAct[]): void {
    this.#sending = 0;
    const code = errorCode(error);
    if (code === undefined || !REFUSED.has(code)) {
      this.state.update((held) => ({ ...held, isOffline: true }));
      if (!this.#isClosed) this.#timer = setTimeout(this.#send, AGAIN_MS);
      return;
    }
    const [first, ...others] = acts;
    // one of several was refused: they are sent one by one, so that the others are not lost with it
    if (others.length > 0) return void this.#oneByOne(acts);
    this.#acts = this.#acts.slice(1);
    this.#keep();
    const refusal: Refusal = { act: first!, text: errorText(error), code };
    this.state.update((held) => ({ ...held, isOffline: false, refusals: [...held.refusals, refusal] }));
    this.#show();
    this.#send();
  }

  async #oneByOne(acts: readonly BoardAct[]): Promise<void> {
    for (const act of acts) {
      this.#sending = 1;
      try {
        const given = { params: { id: this.#id }, query: { branch: this.#branch }, body: { acts: [act] } };
        this.#answeredOne(await calls.act(this.#studio.client, given));
      } catch (error) {
        this.#sending = 0;
        const code = errorCode(error);
        if (code === undefined || !REFUSED.has(code)) return this.#failed(error, [act]);
        this.#acts = this.#acts.slice(1);
        this.#keep();
        this.state.update((held) => ({ ...held, refusals: [...held.refusals, { act, text: errorText(error), code }] }));
      }
    }
    this.#sending = 0;
    this.#show();
    this.#send();
  }

  #answeredOne(board: ShownBoard): void {
    this.#acts = this.#acts.slice(1);
    this.#base = board;
    this.#keep();
  }

  #show(): void {
    const board = this.#base && withActs(this.#base, this.#acts);
    this.state.update((held) => ({ ...held, board, waiting: this.#acts.length }));
  }

  #keep(): void {
    try {
      if (this.#acts.length === 0) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, JSON.stringify(this.#acts));
    } catch {
      // a browser that refuses storage keeps them as long as the window is open
    }
  }
}

function keptActs(key: string): readonly BoardAct[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]") as unknown;
    return Array.isArray(kept) ? (kept as readonly BoardAct[]) : [];
  } catch {
    return [];
  }
}

/** What is set of a tile, without where it is. */
export function fieldsOf({ id: _id, place: _place, ...fields }: ShownTile): Omit<ShownTile, "id" | "place"> {
  return fields;
}

export function newTileId(): string {
  return `boardTile:${crypto.randomUUID()}`;
}
