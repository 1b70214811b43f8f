// A plant of other people: three bottling lines in two halls behind one OPC UA server, German names in deep folders, machines of the same name on
// every line, states as an enumeration, counters. Its engineering file is an environment of ordinary shells.
import { DataType, OPCUACertificateManager, OPCUAServer, Variant, nodesets, type Namespace, type UAObject } from "node-opcua";

interface Machine {
  readonly name: string;
  readonly idShort: string;
  /** Seconds a bottle crate takes. */
  readonly cycleS: number;
  /** With a temperature. */
  readonly heats?: true;
}

interface BottlingLine {
  readonly idShort: string;
  readonly title: string;
  readonly hall: string;
  readonly machines: readonly Machine[];
  readonly constraint: string;
}

const machine = (name: string, cycleS: number, heats?: true): Machine => ({
  name,
  idShort: name.replaceAll("ü", "ue").replaceAll("ß", "ss"),
  cycleS,
  ...(heats && { heats }),
});

export const LINES: readonly BottlingLine[] = [
  {
    idShort: "Glas",
    title: "Linie 1 Glas",
    hall: "Halle A",
    constraint: "Fueller",
    machines: [
      machine("Auspacker", 1.6),
      machine("Waschmaschine", 1.8, true),
      machine("Füller", 2),
      machine("Etikettierer", 1.7),
      machine("Einpacker", 1.6),
      machine("Palettierer", 1.5),
    ],
  },
  {
    idShort: "PET",
    title: "Linie 2 PET",
    hall: "Halle A",
    constraint: "Fueller",
    machines: [machine("Blasmaschine", 1.2, true), machine("Füller", 1.4), machine("Etikettierer", 1.3), machine("Einpacker", 1.1)],
  },
  {
    idShort: "Dose",
    title: "Linie 3 Dose",
    hall: "Halle B",
    constraint: "Pasteur",
    machines: [
      machine("Abschieber", 0.8),
      machine("Füller", 1),
      machine("Verschließer", 0.9),
      machine("Pasteur", 1.1, true),
      machine("Einpacker", 0.9),
    ],
  },
];

/** What the controllers say. */
const ZUSTAND = { Aus: 0, Produktion: 10, Wartet: 20, Stau: 30, Stoerung: 40 } as const;
const URI = "urn:quellbrunn:leittechnik";
const BUFFER = 12;

interface Running {
  state: number;
  good: number;
  bad: number;
  temperature: number;
  /** Parts in front of it, and what is left of the cycle under way, s. */
  waiting: number;
  left: number;
  broken: boolean;
}

export interface BottlingPlant {
  readonly url: string;
  /** A machine fails, or runs again. */
  breakDown(line: string, idShort: string, isBroken: boolean): void;
  of(line: string, idShort: string): Readonly<Running>;
  /** An engineering file of some of its lines. */
  environment(lines?: readonly BottlingLine[]): object;
  stop(): Promise<void>;
}

/** `scale`: cycle times are multiplied by it. */
export async function startBottlingPlant(pkiFolder: string, { port = 0, scale = 1 } = {}): Promise<BottlingPlant> {
  const server = new OPCUAServer({
    port,
    hostname: "127.0.0.1",
    nodeset_filename: [nodesets.standard],
    serverCertificateManager: new OPCUACertificateManager({ rootFolder: pkiFolder, automaticallyAcceptUnknownCertificate: true }),
    userCertificateManager: new OPCUACertificateManager({ rootFolder: `${pkiFolder}-users`, automaticallyAcceptUnknownCertificate: true }),
  });
  await server.initialize();
  const space = server.engine.addressSpace!;
  const own = space.registerNamespace(URI);
  const machines = new Map<string, Running>();
  const stateType = own.addEnumerationType({
    browseName: "Betriebszustand",
    enumeration: Object.entries(ZUSTAND).map(([displayName, value]) => ({ displayName, value })),
  });
  const works = folder(own, folder(own, space.rootFolder.objects, "Quellbrunn AG"), "Werk Mosbach");
  const halls = new Map<string, UAObject>();
  for (const line of LINES) {
    if (!halls.has(line.hall)) halls.set(line.hall, folder(own, works, line.hall));
    const place = folder(own, folder(own, halls.get(line.hall)!, line.title), "Maschinen");
    for (const each of line.machines) {
      const running: Running = { state: ZUSTAND.Aus, good: 0, bad: 0, temperature: 20, waiting: 2, left: each.cycleS, broken: false };
      machines.set(keyOf(line.idShort, each.idShort), running);
      const inside = folder(own, folder(own, place, each.name), "Betriebsdaten");
      const add = (name: string, dataType: DataType, read: () => number, type?: typeof stateType): void =>
        void own.addVariable({
          componentOf: inside,
          browseName: name,
          nodeId: nodeOf(line, each, name),
          dataType: type?.nodeId ?? dataType,
          minimumSamplingInterval: 100,
          value: { get: () => new Variant({ dataType, value: read() }) },
        });
      add("Betriebszustand", DataType.Int32, () => running.state, stateType);
      add("Gutteile", DataType.UInt32, () => running.good);
      add("Ausschuss", DataType.UInt32, () => running.bad);
      if (each.heats) add("Temperatur", DataType.Double, () => running.temperature);
    }
  }
  await server.start();
  const timer = setInterval(() => {
    for (const line of LINES) turn(line, machines, 0.2 / scale);
  }, 200);
  return {
    url: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`,
    breakDown: (line, idShort, isBroken) => void (machines.get(keyOf(line, idShort))!.broken = isBroken),
    of: (line, idShort) => machines.get(keyOf(line, idShort))!,
    environment: (lines = LINES) => environmentOf(lines, `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`),
    async stop() {
      clearInterval(timer);
      await server.shutdown(0);
    },
  };
}

const keyOf = (line: string, idShort: string): string => `${line}/${idShort}`;
const nodeOf = (line: BottlingLine, { name }: Machine, value: string): string =>
  `s=Mosbach|${line.hall}|${line.title}|${name}|Betriebsdaten.${value}`;

function folder(own: Namespace, inside: UAObject, browseName: string): UAObject {
  return own.addFolder(inside, { browseName });
}

/** Crates go from machine to machine; one that is full holds up the one before it. */
function turn(line: BottlingLine, machines: ReadonlyMap<string, Running>, seconds: number): void {
  const all = line.machines.map(({ idShort }) => machines.get(keyOf(line.idShort, idShort))!);
  for (const [at, each] of all.entries()) {
    const { cycleS, heats } = line.machines[at]!;
    if (heats) each.temperature += (each.broken ? 20 - each.temperature : 74 - each.temperature) * 0.05 + (Math.random() - 0.5);
    if (each.broken) {
      each.state = ZUSTAND.Stoerung;
      continue;
    }
    each.left -= seconds;
    if (each.left > 0) continue;
    const after = all[at + 1];
    if (at > 0 && each.waiting === 0) each.state = ZUSTAND.Wartet;
    else if (after && after.waiting >= BUFFER) each.state = ZUSTAND.Stau;
    else {
      each.state = ZUSTAND.Produktion;
      each.left = cycleS;
      if (at > 0) each.waiting--;
      // one crate of fifty is not good where it is filled
      if (cycleS >= 1 && (each.good + each.bad) % 50 === 49) each.bad++;
      else {
        each.good++;
        if (after) after.waiting++;
      }
    }
  }
}

type Element = Readonly<Record<string, unknown>>;
const property = (idShort: string, value: string | number | boolean): Element => ({
  modelType: "Property",
  idShort,
  valueType: typeof value === "number" ? "xs:double" : typeof value === "boolean" ? "xs:boolean" : "xs:string",
  value: String(value),
});
const collection = (value: readonly Element[], idShort?: string): Element => ({
  modelType: "SubmodelElementCollection",
  ...(idShort !== undefined && { idShort }),
  value,
});
const list = (idShort: string, value: readonly Element[]): Element => ({
  modelType: "SubmodelElementList",
  idShort,
  typeValueListElement: "SubmodelElementCollection",
  value,
});
const shellId = (path: string): string => `https://quellbrunn.example/vws/${path}`;
const assetId = (path: string): string => `https://quellbrunn.example/anlage/${path}`;

function environmentOf(lines: readonly BottlingLine[], url: string): object {
  const submodels: Element[] = [];
  const shells: Element[] = [];
  const shell = (path: string, idShort: string, title: string, own: readonly (readonly [string, readonly Element[], string?])[]): void => {
    const made = own.map(([name, submodelElements, semantic]) => ({
      modelType: "Submodel",
      idShort: name,
      id: `${shellId(path)}/${name}`,
      ...(semantic !== undefined && { semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: semantic }] } }),
      submodelElements,
    }));
    submodels.push(...made);
    shells.push({
      modelType: "AssetAdministrationShell",
      id: shellId(path),
      idShort,
      displayName: [{ language: "de", text: title }],
      assetInformation: { assetKind: "Instance", globalAssetId: assetId(path) },
      submodels: made.map(({ id }) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] })),
    });
  };
  const halls = [...new Set(lines.map(({ hall }) => hall))];
  shell("unternehmen", "Quellbrunn", "Quellbrunn AG", [holds("unternehmen", ["werk"], "Enterprise")]);
  shell("werk", "Mosbach", "Werk Mosbach", [holds("werk", halls.map(hallPath), "Site")]);
  for (const hall of halls) {
    const inside = lines.filter((line) => line.hall === hall).map(({ idShort }) => idShort);
    shell(hallPath(hall), hall.replace(" ", ""), hall, [holds(hallPath(hall), inside, "Area")]);
  }
  for (const [row, line] of lines.entries()) {
    shell(line.idShort, line.idShort, line.title, [
      holds(
        line.idShort,
        line.machines.map((each) => keyOf(line.idShort, each.idShort)),
      ),
      ["ProductionLine", productionLine(line), "urn:doppelwerk:submodel:production-line:1:0"],
    ]);
    for (const [at, each] of line.machines.entries())
      shell(keyOf(line.idShort, each.idShort), each.idShort, each.name, stationSubmodels(line, each, { x: 6 * at, y: 12 * row }, url));
  }
  return { assetAdministrationShells: shells, submodels };
}

const hallPath = (hall: string): string => hall.toLowerCase().replace(" ", "-");

function holds(owner: string, paths: readonly string[], level?: string): readonly [string, readonly Element[], string] {
  const entity = (idShort: string, path: string, statements?: readonly Element[]): Element => ({
    modelType: "Entity",
    idShort,
    entityType: "SelfManagedEntity",
    globalAssetId: assetId(path),
    ...(statements && { statements }),
  });
  return [
    "HierarchicalStructures",
    [
      property("ArcheType", "OneDown"),
      ...(level === undefined ? [] : [property("EquipmentLevel", level)]),
      entity(
        "EntryNode",
        owner,
        paths.map((path) => entity(path.replaceAll(/\W/g, "_"), path)),
      ),
    ],
    "https://admin-shell.io/idta/HierarchicalStructures/1/1/Submodel",
  ];
}

function productionLine(line: BottlingLine): readonly Element[] {
  const ids = line.machines.map(({ idShort }) => idShort);
  return [
    property("Takt", Math.max(...line.machines.map(({ cycleS }) => cycleS))),
    property("ConstraintStation", line.constraint),
    list(
      "Stations",
      ids.map((id) =>
        collection([
          property("Station", id),
          {
            modelType: "ReferenceElement",
            idShort: "Shell",
            value: { type: "ModelReference", keys: [{ type: "AssetAdministrationShell", value: shellId(keyOf(line.idShort, id)) }] },
          },
        ]),
      ),
    ),
    list(
      "Flows",
      ids
        .slice(1)
        .map((id, at) =>
          collection([
            property("From", ids[at]!),
            property("To", id),
            property("Kind", "main"),
            property("TravelTime", 1),
            property("Length", 3),
          ]),
        ),
    ),
    list(
      "Shifts",
      [
        ["Früh", "06:00", "14:00"],
        ["Spät", "14:00", "22:00"],
        ["Nacht", "22:00", "06:00"],
      ].map(([name, start, end]) =>
        collection([
          property("Name", name!),
          property("Start", start!),
          property("End", end!),
          property("Days", "Mon Tue Wed Thu Fri Sat Sun"),
        ]),
      ),
    ),
    property("TimeZone", "Europe/Berlin"),
  ];
}

function stationSubmodels(
  line: BottlingLine,
  each: Machine,
  { x, y }: { readonly x: number; readonly y: number },
  url: string,
): readonly (readonly [string, readonly Element[], string?])[] {
  const word = (value: number, state: string): Element =>
    collection([property("Word", String(value)), property("State", state), property("Cause", "internal")]);
  return [
    [
      "Station",
      [
        property("NumberOfPlaces", 1),
        property("IdealCycleTime", each.cycleS),
        property("BufferCapacity", BUFFER),
        property("Operators", 0),
      ],
      "urn:doppelwerk:submodel:station:1:0",
    ],
    [
      "Layout",
      [property("PartKind", "machine"), property("PositionX", x), property("PositionY", y), property("Rotation", 0)],
      "urn:doppelwerk:submodel:layout:1:0",
    ],
    [
      "StateMapping",
      [
        property("Version", 1),
        list("Words", [
          word(ZUSTAND.Aus, "off"),
          word(ZUSTAND.Produktion, "working"),
          word(ZUSTAND.Wartet, "starved"),
          word(ZUSTAND.Stau, "blocked"),
          word(ZUSTAND.Stoerung, "failed"),
        ]),
        property("Neighbours", true),
      ],
      "urn:doppelwerk:submodel:state-mapping:1:0",
    ],
    ["AssetInterfacesDescription", interfacesOf(line, each, url), "https://admin-shell.io/idta/AssetInterfacesDescription/1/0/Submodel"],
  ];
}

function interfacesOf(line: BottlingLine, each: Machine, url: string): readonly Element[] {
  const signal = (name: string, role: string, type: string, more: readonly Element[] = []): Element =>
    collection(
      [
        property("type", type),
        property("title", name),
        collection([property("href", `/?id=nsu=${URI};${nodeOf(line, each, name)}`)], "forms"),
        property("role", role),
        ...more,
      ],
      name,
    );
  return [
    collection(
      [
        property("title", "Leittechnik Mosbach"),
        collection([property("base", url), property("contentType", "application/opcua+uadp")], "EndpointMetadata"),
        collection(
          [
            collection(
              [
                signal("Betriebszustand", "VendorState", "integer"),
                signal("Gutteile", "Good", "integer", [property("counter", "totaliser"), property("counterWidth", 32)]),
                signal("Ausschuss", "Reject", "integer", [property("counter", "totaliser"), property("counterWidth", 32)]),
                ...(each.heats
                  ? [signal("Temperatur", "Temperatur", "number", [property("unit", "°C"), property("low", 60), property("high", 90)])]
                  : []),
              ],
              "properties",
            ),
          ],
          "InteractionMetadata",
        ),
      ],
      "InterfaceOPCUA",
    ),
  ];
}
