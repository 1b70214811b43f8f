import type { Requester } from "./request.ts";

export type ControlState = "met" | "partly" | "gap" | "notApplicable";

/** What the product does about one requirement of a standard. */
export interface Control {
  readonly id: string;
  readonly statement: string;
  readonly state: ControlState;
  readonly reason?: string;
  /** Rules whose tests show it. */
  readonly tests?: readonly string[];
  readonly documents?: readonly string[];
}

export interface ControlList {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly controls: readonly Control[];
  /** Tests by the rules that the controls name. */
  readonly proofs: Readonly<Record<string, readonly { readonly title: string; readonly file: string }[]>>;
}

export interface ControlCalls {
  controlLists(call?: { readonly signal?: unknown }): Promise<readonly ControlList[]>;
  /** A page in HTML, to be printed. */
  controlReport(): Promise<Uint8Array<ArrayBuffer>>;
  /** CycloneDX; DW_NOT_FOUND of a server that runs from a checkout. */
  billOfMaterials(): Promise<Uint8Array<ArrayBuffer>>;
}

/** Of the server, whatever the world: `requester` is one without a world. */
export function controlCalls(requester: Requester): ControlCalls {
  return {
    controlLists: (call) => requester.json("GET", "/controls", call),
    controlReport: () => requester.bytes("/controls/report"),
    billOfMaterials: () => requester.bytes("/bill-of-materials"),
  };
}
