import { useEffect, useState } from "react";
import type { ConnectionRequest, PresentValue } from "@doppelwerk/client";
import { useStudio } from "@doppelwerk/kit/studio";
import type { PlantNode } from "./plant-tree.ts";

const RELOAD_MS = 2_000;
/** Rows that scroll past quickly are not asked for. */
const SETTLE_MS = 150;
const MAX_VALUES = 60;

/** Values of the rows on screen by address, read again while they are there; only of OPC UA servers with an address. */
export function usePresentValues(
  plant: ConnectionRequest,
  protocol: string,
  rows: readonly PlantNode[],
): ReadonlyMap<string, PresentValue> {
  const studio = useStudio();
  const [values, setValues] = useState<ReadonlyMap<string, PresentValue>>(new Map());
  const addresses = rows.flatMap(({ draft }) => draft?.address ?? []).slice(0, MAX_VALUES);
  const key = addresses.join("\n");
  useEffect(() => {
    if (protocol !== "opcua" || plant.url === "" || key === "") return undefined;
    let isGone = false;
    const read = async (): Promise<void> => {
      try {
        const asked = key.split("\n");
        const found = await studio.client.presentValues({ ...plant, protocol, addresses: asked });
        if (isGone) return;
        setValues((before) => new Map([...before, ...asked.flatMap((address, n) => (found[n] ? [[address, found[n]] as const] : []))]));
      } catch {
        // the plant went away while someone looked: the last values stay, the next reading may find it again
      }
    };
    const first = setTimeout(() => void read(), SETTLE_MS);
    const timer = setInterval(() => void read(), RELOAD_MS);
    return () => {
      isGone = true;
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [studio, protocol, key, JSON.stringify(plant)]);
  return values;
}
