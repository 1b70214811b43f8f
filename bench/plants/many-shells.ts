import type { Environment, Shell, Submodel } from "@doppelwerk/aas";

const machines = [
  ["Pump", "Pumpe", "泵"],
  ["Valve", "Ventil", "阀"],
  ["Drive", "Antrieb", "驱动器"],
  ["Robot", "Roboter", "机器人"],
  ["Press", "Presse", "压机"],
  ["Conveyor", "Förderer", "输送机"],
  ["Oven", "Ofen", "烘箱"],
  ["Camera", "Kamera", "相机"],
] as const;

const reference = (type: "Submodel" | "GlobalReference", value: string) => ({
  type: type === "Submodel" ? "ModelReference" : "ExternalReference",
  keys: [{ type, value }],
});

/** Shells as a works has them: speaking names in three languages, a serial number, a nameplate each. `first` … `first + count - 1`. */
export function plantShells(first: number, count: number): Environment {
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  return {
    assetAdministrationShells: numbers.map((number): Shell => {
      const [en, de, zh] = machines[number % machines.length]!;
      return {
        modelType: "AssetAdministrationShell",
        id: shellId(number),
        idShort: shellName(number),
        displayName: [
          { language: "en", text: `${en} ${number}` },
          { language: "de", text: `${de} ${number}` },
          { language: "zh", text: `${zh} ${number}` },
        ],
        assetInformation: {
          assetKind: "Instance",
          globalAssetId: `https://works.example/asset/${number}`,
          specificAssetIds: [{ name: "serialNumber", value: `SN-${String(number * 7919).padStart(9, "0")}` }],
        },
        submodels: [reference("Submodel", submodelId(number))],
      } as Shell;
    }),
    submodels: numbers.map(
      (number) =>
        ({
          modelType: "Submodel",
          id: submodelId(number),
          idShort: "Nameplate",
          semanticId: reference("GlobalReference", "https://admin-shell.io/zvei/nameplate/2/0/Nameplate"),
          submodelElements: [
            {
              modelType: "Property",
              idShort: "SerialNumber",
              valueType: "xs:string",
              value: `SN-${String(number * 7919).padStart(9, "0")}`,
            },
            { modelType: "Property", idShort: "YearOfConstruction", valueType: "xs:gYear", value: String(1990 + (number % 36)) },
          ],
        }) as unknown as Submodel,
    ),
  };
}

export function shellId(number: number): string {
  return `https://works.example/aas/${number}`;
}

export function submodelId(number: number): string {
  return `https://works.example/aas/${number}/nameplate`;
}

export function shellName(number: number): string {
  return `${machines[number % machines.length]![0]}_${String(number).padStart(6, "0")}`;
}
