// A bakery of other people behind one OPC UA server: deep Spanish folders, data blocks of a German controller in one flat folder, structures, arrays, an
// enumeration, states as bare numbers, counters of 16 bits, units here and there, bad and uncertain values, and many values that never change.
import {
  DataType,
  DataValue,
  OPCUACertificateManager,
  OPCUAServer,
  StatusCodes,
  Variant,
  VariantArrayType,
  nodesets,
  standardUnits,
  type AddressSpace,
  type Namespace,
  type StatusCode,
  type UADataType,
  type UAObject,
} from "node-opcua";

interface Machine {
  readonly name: string;
  readonly cycleS: number;
}
interface BakeryLine {
  readonly name: "Barra" | "Molde" | "Bollería";
  readonly machines: readonly Machine[];
}

const machine = (name: string, cycleS: number): Machine => ({ name, cycleS });

const BAKERY_LINES: readonly BakeryLine[] = [
  {
    name: "Barra",
    machines: [
      machine("Amasadora", 1.6),
      machine("Divisora", 1.8),
      machine("Fermentadora", 1.7),
      machine("Horno túnel", 2),
      machine("Enfriador", 1.5),
      machine("Envasadora", 1.6),
    ],
  },
  // DB11, DB12 …: the controller knows no names
  { name: "Molde", machines: [machine("DB11", 1.2), machine("DB12", 1.4), machine("DB13", 1.3), machine("DB14", 1.1)] },
  {
    name: "Bollería",
    machines: [machine("Laminadora", 1), machine("Hojaldradora", 1.1), machine("Freidora", 1.3), machine("Glaseadora", 1)],
  },
];

/** What the machines of the first line are in; the second says the same as 1, 3, 4 and 9, and the third in words. */
const ESTADO = { Parado: 0, Marcha: 1, EsperaEntrada: 2, BloqueoSalida: 3, Averia: 4 } as const;
type Estado = keyof typeof ESTADO;
const STATUS: Readonly<Record<Estado, number>> = { Parado: 0, Marcha: 1, EsperaEntrada: 3, BloqueoSalida: 4, Averia: 9 };
const URI = "urn:panificadora:scada";
const BUFFER = 12;
/** Counters have 16 bits, and are about to wrap when the plant starts. */
const COUNT_AT_START = 65_500;

interface Running {
  state: Estado;
  good: number;
  bad: number;
  temperature: number;
  waiting: number;
  left: number;
  broken: boolean;
}

export interface BakeryPlant {
  readonly url: string;
  readonly lines: readonly BakeryLine[];
  breakDown(line: string, machine: string, isBroken: boolean): void;
  of(line: string, machine: string): Readonly<Running>;
  /** The third line is put into operation: its nodes appear. */
  commission(): void;
  /** How many variables there are. */
  variables(): number;
  stop(): Promise<void>;
}

const keyOf = (line: string, name: string): string => `${line}/${name}`;

interface Site {
  readonly space: AddressSpace;
  readonly own: Namespace;
  readonly running: ReadonlyMap<string, Running>;
  readonly stateType: UADataType;
  readonly reportType: UADataType;
  count: number;
}

interface Value {
  readonly name: string;
  readonly nodeId: string;
  readonly dataType: DataType;
  readonly read: () => unknown;
  readonly unit?: keyof typeof standardUnits;
  readonly enumeration?: UADataType;
  readonly isArray?: true;
  readonly statusCode?: () => StatusCode;
}

function addValue(site: Site, inside: UAObject, { name, nodeId, dataType, read, unit, enumeration, isArray, statusCode }: Value): void {
  site.count++;
  const value = {
    timestamped_get: () =>
      new DataValue({
        value: new Variant({ dataType, value: read(), ...(isArray && { arrayType: VariantArrayType.Array }) }),
        statusCode: statusCode?.() ?? StatusCodes.Good,
        sourceTimestamp: new Date(),
      }),
  };
  const common = {
    browseName: name,
    nodeId,
    dataType: enumeration?.nodeId ?? dataType,
    minimumSamplingInterval: 100,
    ...(isArray && { valueRank: 1, arrayDimensions: [0] }),
    value,
  };
  if (unit === undefined) site.own.addVariable({ componentOf: inside, ...common } as never);
  else
    site.own.addAnalogDataItem({
      componentOf: inside,
      ...common,
      engineeringUnits: standardUnits[unit],
      engineeringUnitsRange: { low: 0, high: 300 },
    } as never);
}

const folder = (site: Site, inside: UAObject, browseName: string): UAObject => site.own.addFolder(inside, { browseName });

/** Line 1: a folder a machine, five folders deep, with an enumeration, parameters and an array. */
function buildBarra(site: Site, hall: UAObject): void {
  const line = folder(site, folder(site, hall, "Línea 1 Barra"), "Máquinas");
  for (const [at, { name }] of BAKERY_LINES[0]!.machines.entries()) {
    const running = site.running.get(keyOf("Barra", name))!;
    const inside = folder(site, line, `${String(at + 1).padStart(2, "0")} ${name}`);
    const path = `Getafe/Nave 1/L1/${name}`;
    const add = (into: UAObject, value: string, dataType: DataType, read: () => unknown, more: Partial<Value> = {}): void =>
      addValue(site, into, { name: value, nodeId: `s=${path}/${value}`, dataType, read, ...more });
    const data = folder(site, inside, "Producción");
    add(data, "Estado", DataType.Int32, () => ESTADO[running.state], { enumeration: site.stateType });
    add(data, "Piezas_OK", DataType.UInt16, () => running.good % 65_536);
    add(data, "Piezas_NOK", DataType.UInt16, () => running.bad % 65_536);
    add(data, "Receta", DataType.String, () => "Barra 250 g");
    const process = folder(site, inside, "Proceso");
    // units here and there: the maker of the oven gave them, the others did not
    add(process, "Temp_Real", DataType.Float, () => running.temperature, at % 2 === 1 ? { unit: "degree_celsius" } : {});
    add(process, "Vel_Cinta", DataType.Double, () => (running.state === "Marcha" ? 12.5 + Math.random() : 0));
    add(process, "Tiempos", DataType.Float, () => Float32Array.from([1.1, 2.2, 3.3, at]), { isArray: true });
    const parameters = folder(site, inside, "Parámetros");
    for (let n = 1; n <= 20; n++)
      add(parameters, `P${String(n).padStart(2, "0")}`, n % 3 === 0 ? DataType.Int16 : DataType.Float, () => n * (at + 1));
  }
}

/** Line 2: everything flat in one folder, the data block in the name. */
function buildMolde(site: Site, hall: UAObject): void {
  const blocks = folder(site, folder(site, hall, "SPS_Molde"), "DataBlocksGlobal");
  for (const { name } of BAKERY_LINES[1]!.machines) {
    const running = site.running.get(keyOf("Molde", name))!;
    const add = (value: string, dataType: DataType, read: () => unknown, more: Partial<Value> = {}): void =>
      addValue(site, blocks, { name: `${name}.${value}`, nodeId: `s="${name}"."${value}"`, dataType, read, ...more });
    add("Status", DataType.Int16, () => STATUS[running.state]);
    add("Zaehler_Gut", DataType.UInt16, () => running.good % 65_536);
    add("Zaehler_Aus", DataType.UInt16, () => running.bad % 65_536);
    add("Mot_3_Ist", DataType.Float, () => (running.state === "Marcha" ? 1_450 + 10 * Math.random() : 0));
    add("Mot_3_Soll", DataType.Float, () => 1_450);
    add("Fehlerwort", DataType.UInt16, () => (running.broken ? 0x0104 : 0));
    add("Freigabe", DataType.Boolean, () => true);
    for (let n = 1; n <= 12; n++) add(`Res_${n}`, DataType.Int32, () => 0);
  }
}

/** Line 3: states in words, and a structure that says everything once more. */
function buildBolleria(site: Site, hall: UAObject): void {
  const line = folder(site, hall, "Línea 3 Bollería");
  for (const { name } of BAKERY_LINES[2]!.machines) {
    const running = site.running.get(keyOf("Bollería", name))!;
    const inside = folder(site, line, name);
    const add = (value: string, dataType: DataType, read: () => unknown, more: Partial<Value> = {}): void =>
      addValue(site, inside, { name: value, nodeId: `s=Getafe/Nave 2/L3/${name}/${value}`, dataType, read, ...more });
    add("Situación", DataType.String, () => running.state);
    add("Contador", DataType.UInt32, () => running.good - COUNT_AT_START);
    add("Mermas", DataType.UInt32, () => running.bad);
    add("T_Aceite", DataType.Double, () => running.temperature, { unit: "degree_celsius" });
    add(
      "Informe",
      DataType.ExtensionObject,
      () => site.space.constructExtensionObject(site.reportType, { Piezas: running.good, Orden: "OF-2611", Parada: running.broken }),
      { enumeration: site.reportType },
    );
  }
}

/** Services of the works: nothing here is a line. */
function buildServices(site: Site, works: UAObject, seconds: () => number): void {
  const services = folder(site, works, "Servicios");
  const add = (inside: UAObject, value: string, dataType: DataType, read: () => unknown, more: Partial<Value> = {}): void =>
    addValue(site, inside, { name: value, nodeId: `s=Servicios/${inside.browseName.name}/${value}`, dataType, read, ...more });
  const air = folder(site, services, "Compresor Atlas");
  add(air, "Presión", DataType.Double, () => 7 + 0.4 * Math.sin(seconds() / 9), { unit: "bar" });
  add(air, "Horas", DataType.UInt32, () => 18_204);
  add(air, "Energía", DataType.Double, () => 120_400 + seconds() / 60);
  const boiler = folder(site, services, "Caldera de vapor");
  add(boiler, "Presión", DataType.Double, () => 9.5 + Math.sin(seconds() / 20));
  add(boiler, "Nivel", DataType.Float, () => 55, { statusCode: () => StatusCodes.BadSensorFailure });
  add(boiler, "Caudal", DataType.Float, () => 3.2, { statusCode: () => StatusCodes.UncertainLastUsableValue });
  for (let n = 1; n <= 6; n++) {
    const silo = folder(site, services, `Silo ${n}`);
    add(silo, "Peso", DataType.Double, () => 12_000 + 900 * n + 30 * Math.sin(seconds() / 30 + n), n <= 3 ? { unit: "kilogram" } : {});
    add(silo, "Sonda", DataType.Boolean, () => n % 2 === 0);
  }
  const system = folder(site, works, "Sistema");
  for (let n = 1; n <= 120; n++) add(system, `Reg_${String(n).padStart(3, "0")}`, DataType.UInt32, () => n);
}

function typesOf(own: Namespace) {
  const stateType = own.addEnumerationType({
    browseName: "EstadoMaquina",
    enumeration: Object.entries(ESTADO).map(([displayName, value]) => ({ displayName, value })),
  });
  const reportType = own.createDataType({
    browseName: "InformeMaquina",
    isAbstract: false,
    subtypeOf: "Structure",
    partialDefinition: [
      { name: "Piezas", dataType: DataType.UInt32, valueRank: -1 },
      { name: "Orden", dataType: DataType.String, valueRank: -1 },
      { name: "Parada", dataType: DataType.Boolean, valueRank: -1 },
    ],
  } as never);
  // without it no value of the type can be sent
  own.addObject({
    browseName: { name: "Default Binary", namespaceIndex: 0 },
    encodingOf: reportType,
    typeDefinition: "DataTypeEncodingType",
    symbolicName: "DefaultBinary",
  } as never);
  return { stateType, reportType };
}

export async function startBakeryPlant(pkiFolder: string, { port = 0 } = {}): Promise<BakeryPlant> {
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
  const running = new Map<string, Running>();
  for (const { name: line, machines } of BAKERY_LINES)
    for (const { name, cycleS } of machines)
      running.set(keyOf(line, name), {
        state: "Parado",
        good: COUNT_AT_START,
        bad: 0,
        temperature: 20,
        waiting: 2,
        left: cycleS,
        broken: false,
      });
  const site: Site = { space, own, running, ...typesOf(own), count: 0 };
  const works = folder(site, folder(site, space.rootFolder.objects, "Panificadora El Trigal"), "Fábrica Getafe");
  const hall = folder(site, works, "Nave 1");
  const startedAt = performance.now();
  buildBarra(site, hall);
  buildMolde(site, hall);
  buildServices(site, works, () => (performance.now() - startedAt) / 1_000);
  await server.start();
  const timer = setInterval(() => {
    for (const line of BAKERY_LINES) turn(line, running, 0.2);
  }, 200);
  return {
    url: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`,
    lines: BAKERY_LINES,
    breakDown: (line, name, isBroken) => void (running.get(keyOf(line, name))!.broken = isBroken),
    of: (line, name) => running.get(keyOf(line, name))!,
    commission: () => buildBolleria(site, folder(site, works, "Nave 2")),
    variables: () => site.count,
    async stop() {
      clearInterval(timer);
      await server.shutdown(0);
    },
  };
}

/** Trays go from machine to machine; one that is full holds up the one before it. */
function turn({ name, machines }: BakeryLine, running: ReadonlyMap<string, Running>, seconds: number): void {
  const all = machines.map((each) => running.get(keyOf(name, each.name))!);
  for (const [at, each] of all.entries()) {
    each.temperature += ((each.broken ? 20 : 210) - each.temperature) * 0.05 + (Math.random() - 0.5);
    if (each.broken) {
      each.state = "Averia";
      continue;
    }
    each.left -= seconds;
    if (each.left > 0) continue;
    const after = all[at + 1];
    if (at > 0 && each.waiting === 0) each.state = "EsperaEntrada";
    else if (after && after.waiting >= BUFFER) each.state = "BloqueoSalida";
    else {
      each.state = "Marcha";
      each.left = machines[at]!.cycleS;
      if (at > 0) each.waiting--;
      // one tray of forty is not good at the first machine
      if (at === 0 && (each.good + each.bad) % 40 === 39) each.bad++;
      else {
        each.good++;
        if (after) after.waiting++;
      }
    }
  }
}
