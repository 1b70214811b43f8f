import type { RecordReader, SignalRecord } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { topicsOf } from "./topics.ts";

/** A world without records. */
const nothing = { get: () => undefined, query: () => [] } as unknown as RecordReader;

function topicsOfAddresses(addresses: readonly (string | undefined)[], name = "Speed"): string[] {
  const signals = addresses.map((address, at): SignalRecord => ({
    id: `signal:00000000000${at}`,
    kind: "signal",
    name,
    valueType: "double",
    ...(address !== undefined && { address }),
  }));
  return [...topicsOf(signals, nothing, "uns").topics.values()];
}

test("[PB7] signals of one name at one place are told apart by what differs in their addresses, else by their ids", () => {
  expect(topicsOfAddresses(["Line3/Edge/AGV1/Speed"])).toEqual(["uns/signals/Speed"]);
  expect(topicsOfAddresses(["Line3/Edge/AGV1/Speed", "Line3/Edge/AGV2/Speed"])).toEqual([
    "uns/signals/AGV1/Speed",
    "uns/signals/AGV2/Speed",
  ]);
  expect(topicsOfAddresses(["nsu=urn:a;s=Left.Speed", "nsu=urn:a;s=Right.Speed"])).toEqual([
    "uns/signals/Left/Speed",
    "uns/signals/Right/Speed",
  ]);
  // of three, two the same; numbers of nodes; addresses of different forms; none: nothing says which is which
  const byId = (count: number) => Array.from({ length: count }, (_, at) => `uns/signals/Speed~00000000000${at}`);
  expect(topicsOfAddresses(["a/x/Speed", "a/y/Speed", "a/y/Speed"])).toEqual(byId(3));
  expect(topicsOfAddresses(["nsu=urn:a;i=1001", "nsu=urn:a;i=1002"])).toEqual(byId(2));
  expect(topicsOfAddresses(["a/Speed", "a/b/Speed"])).toEqual(byId(2));
  expect(topicsOfAddresses([undefined, undefined])).toEqual(byId(2));
});
