import { useState } from "react";
import type { ConnectionRequest, PlantOffer } from "@doppelwerk/client";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { useStudio, useTask, useWords, type Studio } from "@doppelwerk/kit/studio";
import type { Access } from "./plant-access.tsx";
import { isOpcua, secretName, takesUser } from "./plant-address.ts";

/** As typed. */
interface PlantFields {
  readonly url: string;
  readonly name: string;
  readonly access: Access;
  /** null = the one of the address. */
  readonly protocol: string | null;
  /** JSON, or nothing. */
  readonly settings: string;
  /** The name of a secret that is kept already. */
  readonly secret: string;
}

interface Looked {
  readonly plant: ConnectionRequest;
  readonly offer: PlantOffer;
}

export interface PlantForm {
  readonly fields: PlantFields;
  readonly set: (patch: Partial<PlantFields>) => void;
  /** Without the blanks around it. */
  readonly address: string;
  /** The typed name, or the address. */
  readonly title: string;
  readonly busy: "look" | "add" | undefined;
  readonly failure: string | undefined;
  /** The code of that failure, to search for. */
  readonly code: string | undefined;
  /** What the plant offers, once it was asked. */
  readonly looked: Looked | undefined;
  /** Addresses that are wanted of it; none = all. */
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
  readonly look: () => void;
  readonly add: () => void;
}

const EMPTY: PlantFields = {
  url: "",
  name: "",
  access: { securityMode: "None", username: "", password: "" },
  protocol: null,
  settings: "",
  secret: "",
};

/** The form of a new connection: what is typed, what the plant at that address offers, and what is chosen of it. */
export function usePlantForm(onConnected: (connection: ConnectionStatus) => void): PlantForm {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [step, setStep] = useState<"look" | "add">("look");
  const [fields, setFields] = useState(EMPTY);
  const [looked, setLooked] = useState<Looked | undefined>(undefined);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const address = fields.url.trim();
  const title = (fields.name.trim() || address).slice(0, 100);
  const set = (patch: Partial<PlantFields>): void => {
    setFields((before) => ({ ...before, ...patch }));
    if (patch.url === undefined) return;
    setLooked(undefined);
    choose(new Set());
  };
  const request = async (): Promise<ConnectionRequest> => {
    const plant = requestOf(fields, t("connect.connection.noJson"));
    await keepAccess(studio, fields, plant.secret);
    return plant;
  };
  const look = (): void => {
    setStep("look");
    task.run(async () => {
      const plant = await request();
      const offer = await studio.client.lookInto(plant);
      setLooked({ plant: { ...plant, protocol: offer.protocol }, offer });
      choose(new Set());
    });
  };
  const add = (): void => {
    setStep("add");
    task.run(async () => {
      const plant = looked?.plant ?? (await request());
      const addresses = chosen.size === 0 ? {} : { addresses: [...chosen] };
      const connection = await studio.client.connect({ ...plant, name: title, ...addresses });
      onConnected(connection);
      studio.notify("good", t("connect.added", { name: connection.name }));
      set({ url: "", name: "" });
    });
  };
  return {
    fields,
    set,
    address,
    title,
    busy: task.busy ? step : undefined,
    failure: task.failure,
    code: task.code,
    looked,
    chosen,
    choose,
    look,
    add,
  };
}

/** What the server is asked to connect to. Throws `noJson` when the settings are none. */
function requestOf(fields: PlantFields, noJson: string): ConnectionRequest {
  const address = fields.url.trim();
  const { securityMode } = fields.access;
  const settings = {
    ...(isOpcua(address) && securityMode !== "None" && { securityMode }),
    ...settingsOf(fields.settings, noJson),
  };
  const secret = fields.secret.trim() !== "" ? fields.secret.trim() : hasUser(fields) ? secretName(address) : undefined;
  return {
    url: address,
    ...(fields.protocol === null ? {} : { protocol: fields.protocol }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(secret === undefined ? {} : { secret }),
  };
}

function settingsOf(text: string, noJson: string): Record<string, unknown> {
  try {
    return text.trim() === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    throw new Error(noJson);
  }
}

/** User and password are never part of a connection: they are put under the name of its secret first. */
async function keepAccess(studio: Studio, fields: PlantFields, secret: string | undefined): Promise<void> {
  if (secret === undefined || !hasUser(fields)) return;
  const { username, password } = fields.access;
  await studio.client.putSecret(secret, { username, password });
}

function hasUser({ url, access }: PlantFields): boolean {
  return takesUser(url.trim()) && access.username !== "";
}
