// A second world of the same server, which those who attack may not enter, with a thing of every kind in it.

import { createSiteApp, createWorldsApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, type WorldRecord } from "@doppelwerk/world";
import { shellOf, smallPlant } from "../../../packs/discrete-line/src/small-plant.fixture.ts";
import { API, asSeenBy, callAs, people, type Person } from "./attack-plant.fixture.ts";
import { openProduct } from "./site-of-product.fixture.ts";

/** As addresses name it, and a name that nobody has. */
export const OTHER_WORLD = "others";
export const NO_WORLD = "nobody";

/** Texts that are in the other world alone. */
export const OTHER_SECRETS = {
  shell: "OtherShell7801",
  element: "OtherElement7802",
  value: "other-value-7803",
  signal: "other-signal-7804",
  connection: "other-connection-7805",
  rule: "other-rule-7806",
  note: "other-note-7807",
  branch: "other-branch-7808",
} as const;

export interface OtherWorld {
  readonly site: HostedWorld;
  /** An id of the other world by the kind of what it names. */
  readonly ids: Readonly<Record<"signal" | "shell" | "submodel" | "connection" | "rule" | "note" | "branch" | "element" | "place", string>>;
  /** What a write of anybody but the server itself would change. */
  state(): Promise<string>;
}

export async function openOtherWorld(data: string): Promise<OtherWorld> {
  const site = await openProduct(data, { name: OTHER_WORLD });
  const view = site.view(SYSTEM);
  const [shell, submodel] = ["urn:others:shell", "urn:others:submodel"];
  const documents = {
    assetAdministrationShells: [
      {
        modelType: "AssetAdministrationShell",
        id: shell,
        idShort: OTHER_SECRETS.shell,
        assetInformation: { assetKind: "Instance", globalAssetId: "others:asset" },
        submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: submodel }] }],
      },
    ],
    submodels: [
      {
        modelType: "Submodel",
        id: submodel,
        idShort: "Others",
        submodelElements: [{ modelType: "Property", idShort: OTHER_SECRETS.element, valueType: "xs:string", value: OTHER_SECRETS.value }],
      },
    ],
  };
  const text = (en: string) => ({ en, zh: en });
  const records = [
    {
      id: "connection:others",
      kind: "connection",
      name: OTHER_SECRETS.connection,
      protocol: "entered",
      url: "entered:others",
      enabled: true,
      settings: {},
    },
    {
      id: "signal:others",
      kind: "signal",
      name: OTHER_SECRETS.signal,
      valueType: "double",
      shell: shellOf("S10"),
      connection: "connection:others",
      address: "others",
    },
    {
      id: "alarmRule:others",
      kind: "alarmRule",
      title: text(OTHER_SECRETS.rule),
      station: "S10",
      condition: { kind: "high", signal: "signal:others", limit: 50, deadband: 0 },
      priority: 2,
      onDelayS: 0,
      offDelayS: 0,
      cause: text("cause"),
      consequence: text("consequence"),
      response: text("response"),
      timeToRespondS: 600,
      latching: false,
      suppressedIn: [],
      enabled: true,
    },
    {
      id: "spanNote:others",
      kind: "spanNote",
      version: 1,
      from: 1,
      to: 4_000_000_000_000_000,
      text: OTHER_SECRETS.note,
      subjects: ["signal:others"],
      author: "person:somebody",
      written: 1,
    },
  ] as unknown as readonly WorldRecord[];
  await view.apply({
    branch: LIVE,
    reason: "a world of others",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "plant").changes,
      ...importChanges(view.reader(LIVE), documents as never, "others").changes,
      ...records.map((record) => ({ op: "create" as const, record })),
    ],
  });
  const branch = await view.fork({ parent: LIVE, name: OTHER_SECRETS.branch, instant: site.now(), reason: "a fork" });
  const named = (kind: string, field: string, value: string): string =>
    view
      .reader(LIVE)
      .query({ kind })
      .find((record) => record[field] === value)!.id;
  return {
    site,
    ids: {
      signal: "signal:others",
      shell,
      submodel,
      connection: "connection:others",
      rule: "alarmRule:others",
      note: "spanNote:others",
      branch: branch.id,
      element: named("element", "idShort", OTHER_SECRETS.element),
      place: named("shell", "aasId", shell),
    },
    async state() {
      const app = await createSiteApp(asSeenBy(site, SYSTEM));
      const log = (await callAs(app)("GET", `${API}/log?limit=200`)).json as readonly {
        readonly revision: number;
        readonly actor: string;
      }[];
      await app.close();
      const ofPeople = log
        .filter(({ actor }) => people.some(({ id }) => id === actor))
        .map(({ revision, actor }) => `${revision} ${actor}`);
      return [view.branches().length, ...ofPeople].join("\n");
    },
  };
}

/** Both worlds on one server as one person meets it, who may enter his own one. */
export function bothWorldsAs(home: HostedWorld, other: HostedWorld, person: Person): ReturnType<typeof createWorldsApp> {
  const mine = asSeenBy(home, person);
  const theirs = asSeenBy(other, person);
  const absent = async (): Promise<never> => {
    throw new Error("the test changes no worlds");
  };
  const listed = [
    { name: mine.name, title: "home", state: "open" },
    { name: OTHER_WORLD, title: OTHER_SECRETS.branch, state: "open" },
  ] as const;
  const worlds: Parameters<typeof createWorldsApp>[0] = {
    home: mine,
    registry: {
      open: () => [mine, theirs],
      list: () => listed,
      find: (name) => listed.find((one) => one.name === name) ?? listed[0],
      content() {
        throw new Error("the test changes no worlds");
      },
      create: absent,
      enter: async (name) => ({ world: name === OTHER_WORLD ? theirs : mine, leave: () => {} }),
      rename: absent,
      retitle: absent,
      archive: absent,
      restore: absent,
      remove: absent,
    },
    mayEnter: (_, world) => world === mine.name,
    whenOpen: (use) => [mine, theirs].forEach(use),
  };
  return createWorldsApp(worlds);
}
