import { describe, expect, test } from "vitest";
import { parseEnvironment } from "../json/parse-environment.ts";
import { readFile } from "../import/read-file.ts";
import { readXml } from "../xml/read-xml.ts";
import { validate } from "../validation/validate.ts";
import { upgradeEnvironment } from "./upgrade.ts";

const key = (type: string, value: string, idType = "IRI") => `<aas:key type="${type}" local="true" idType="${idType}">${value}</aas:key>`;
const keys = (...inside: string[]) => `<aas:keys>${inside.join("")}</aas:keys>`;

/** The same content in XML of releases 1.0 and 2.0. */
const xml = (release: "1/0" | "2/0") => `<?xml version="1.0"?>
<aas:aasenv xmlns:aas="http://www.admin-shell.io/aas/${release}" xmlns:IEC="http://www.admin-shell.io/IEC61360/${release}">
  <aas:assetAdministrationShells>
    <aas:assetAdministrationShell>
      <aas:idShort>motor</aas:idShort>
      <aas:category/>
      <aas:identification idType="${release === "1/0" ? "URI" : "IRI"}">urn:aas</aas:identification>
      <aas:administration><aas:version>1</aas:version><aas:revision>0</aas:revision></aas:administration>
      <aas:derivedFrom>${keys(key("AssetAdministrationShell", "urn:type"))}</aas:derivedFrom>
      <aas:assetRef>${keys(key("Asset", "urn:asset"))}</aas:assetRef>
      <aas:submodelRefs><aas:submodelRef>${keys(key("Submodel", "urn:sm"))}</aas:submodelRef></aas:submodelRefs>
      <aas:views><aas:view><aas:idShort>service</aas:idShort><aas:containedElements>
        <aas:containedElementRef>${keys(key("Submodel", "urn:sm"), key("Property", "speed", "IdShort"))}</aas:containedElementRef>
      </aas:containedElements></aas:view></aas:views>
      <aas:conceptDictionaries/>
    </aas:assetAdministrationShell>
  </aas:assetAdministrationShells>
  <aas:assets>
    <aas:asset>
      <aas:idShort>servo</aas:idShort>
      <aas:identification idType="IRI">urn:asset</aas:identification>
      <aas:assetIdentificationModelRef>${keys(key("Submodel", "urn:identification"))}</aas:assetIdentificationModelRef>
      <aas:kind>Instance</aas:kind>
    </aas:asset>
  </aas:assets>
  <aas:submodels>
    <aas:submodel>
      <aas:idShort>data</aas:idShort>
      <aas:description><aas:langString lang="EN">Data</aas:langString><aas:langString lang="de">Daten</aas:langString></aas:description>
      <aas:identification idType="IRI">urn:sm</aas:identification>
      <aas:kind>${release === "1/0" ? "Type" : "Template"}</aas:kind>
      <aas:semanticId>${keys(key("GlobalReference", "0173-1#01-ADN198#009", "IRDI"))}</aas:semanticId>
      <aas:qualifier/>
      <aas:submodelElements>
        <aas:submodelElement><aas:property>
          <aas:idShort>speed</aas:idShort>
          <aas:kind>Instance</aas:kind>
          <aas:semanticId>${keys(key("ConceptDescription", "urn:cd"))}</aas:semanticId>
          <aas:qualifier><aas:qualifier>${
            release === "1/0"
              ? "<aas:qualifierType>life</aas:qualifierType><aas:qualifierValue>nominal</aas:qualifierValue>"
              : "<aas:type>life</aas:type><aas:valueType>string</aas:valueType><aas:value>nominal</aas:value>"
          }</aas:qualifier></aas:qualifier>
          <aas:valueType>float</aas:valueType>
          <aas:value>
            3.5
          </aas:value>
          <aas:valueId><aas:keys/></aas:valueId>
        </aas:property></aas:submodelElement>
        <aas:submodelElement><aas:submodelElementCollection>
          <aas:idShort>documents</aas:idShort>
          <aas:ordered>true</aas:ordered>
          <aas:allowDuplicates>false</aas:allowDuplicates>
          <aas:value>
            <aas:submodelElement><aas:file><aas:idShort>manual</aas:idShort><aas:mimeType>application/pdf</aas:mimeType><aas:value>/aasx/m.pdf</aas:value></aas:file></aas:submodelElement>
            <aas:submodelElement><aas:multiLanguageProperty><aas:idShort>title</aas:idShort><aas:value><aas:langString lang="en">Manual</aas:langString></aas:value></aas:multiLanguageProperty></aas:submodelElement>
          </aas:value>
        </aas:submodelElementCollection></aas:submodelElement>
        <aas:submodelElement><aas:operation>
          <aas:idShort>start</aas:idShort>
          <aas:inputVariable><aas:value><aas:submodelElement><aas:property><aas:idShort>ramp</aas:idShort><aas:valueType>int</aas:valueType></aas:property></aas:submodelElement></aas:value></aas:inputVariable>
          <aas:inputVariable><aas:value><aas:submodelElement><aas:property><aas:idShort>mode</aas:idShort><aas:valueType>langString</aas:valueType></aas:property></aas:submodelElement></aas:value></aas:inputVariable>
        </aas:operation></aas:submodelElement>
        <aas:submodelElement><aas:basicEvent><aas:idShort>changed</aas:idShort><aas:observed>${keys(key("Submodel", "urn:sm"))}</aas:observed></aas:basicEvent></aas:submodelElement>
        <aas:submodelElement><aas:entity>
          <aas:idShort>gear</aas:idShort>
          <aas:statements><aas:submodelElement><aas:range><aas:idShort>torque</aas:idShort><aas:valueType>double</aas:valueType><aas:min>0</aas:min><aas:max>9</aas:max></aas:range></aas:submodelElement></aas:statements>
          <aas:entityType>SelfManagedEntity</aas:entityType>
          <aas:assetRef>${keys(key("Asset", "urn:gear"))}</aas:assetRef>
        </aas:entity></aas:submodelElement>
      </aas:submodelElements>
    </aas:submodel>
  </aas:submodels>
  <aas:conceptDescriptions>
    <aas:conceptDescription>
      <aas:idShort>Speed</aas:idShort>
      <aas:identification idType="IRI">urn:cd</aas:identification>
      <aas:embeddedDataSpecification>
        <aas:dataSpecificationContent><aas:dataSpecificationIEC61360>
          <IEC:preferredName><IEC:langString lang="EN">Speed</IEC:langString></IEC:preferredName>
          <IEC:shortName><IEC:langString lang="EN">n</IEC:langString></IEC:shortName>
          <IEC:unit>1/min</IEC:unit>
          <IEC:unitId><IEC:keys><IEC:key type="GlobalReference" local="false" idType="IRDI">0173-1#05-AAA650#002</IEC:key></IEC:keys></IEC:unitId>
          <IEC:sourceOfDefinition>${release === "1/0" ? '<IEC:langString lang="EN">ISO</IEC:langString>' : "ISO"}</IEC:sourceOfDefinition>
          <IEC:symbol/>
          <IEC:dataType>REAL_MEASURE</IEC:dataType>
          <IEC:definition><IEC:langString lang="EN">How fast</IEC:langString></IEC:definition>
        </aas:dataSpecificationIEC61360></aas:dataSpecificationContent>
        <aas:dataSpecification>${keys(key("GlobalReference", "http://admin-shell.io/DataSpecificationTemplates/DataSpecificationIEC61360/2/0"))}</aas:dataSpecification>
      </aas:embeddedDataSpecification>
      <aas:isCaseOf>${keys(key("GlobalReference", "0173-1#02-BAA120#008", "IRDI"))}</aas:isCaseOf>
    </aas:conceptDescription>
  </aas:conceptDescriptions>
</aas:aasenv>`;

const global = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });
const model = (...path: [string, string][]) => ({ type: "ModelReference", keys: path.map(([type, value]) => ({ type, value })) });

const upgraded = {
  assetAdministrationShells: [
    {
      modelType: "AssetAdministrationShell",
      idShort: "motor",
      id: "urn:aas",
      administration: { version: "1", revision: "0" },
      derivedFrom: model(["AssetAdministrationShell", "urn:type"]),
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:asset" },
      submodels: [model(["Submodel", "urn:sm"]), model(["Submodel", "urn:identification"])],
      extensions: [
        { name: "asset", valueType: "xs:string", value: '{"idShort":"servo"}' },
        { name: "view: service", refersTo: [model(["Submodel", "urn:sm"], ["Property", "speed"])] },
      ],
    },
  ],
  submodels: [
    {
      modelType: "Submodel",
      idShort: "data",
      description: [
        { language: "EN", text: "Data" },
        { language: "de", text: "Daten" },
      ],
      id: "urn:sm",
      kind: "Template",
      semanticId: global("0173-1#01-ADN198#009"),
      submodelElements: [
        {
          modelType: "Property",
          idShort: "speed",
          semanticId: model(["ConceptDescription", "urn:cd"]),
          qualifiers: [{ type: "life", valueType: "xs:string", value: "nominal" }],
          valueType: "xs:float",
          value: "3.5",
        },
        {
          modelType: "SubmodelElementCollection",
          idShort: "documents",
          extensions: [{ name: "ordered", valueType: "xs:boolean", value: "true" }],
          value: [
            { modelType: "File", idShort: "manual", contentType: "application/pdf", value: "/aasx/m.pdf" },
            { modelType: "MultiLanguageProperty", idShort: "title", value: [{ language: "en", text: "Manual" }] },
          ],
        },
        {
          modelType: "Operation",
          idShort: "start",
          inputVariables: [
            { value: { modelType: "Property", idShort: "ramp", valueType: "xs:int" } },
            { value: { modelType: "Property", idShort: "mode", valueType: "xs:string" } },
          ],
        },
        { modelType: "BasicEventElement", idShort: "changed", observed: model(["Submodel", "urn:sm"]), direction: "output", state: "on" },
        {
          modelType: "Entity",
          idShort: "gear",
          statements: [{ modelType: "Range", idShort: "torque", valueType: "xs:double", min: "0", max: "9" }],
          entityType: "SelfManagedEntity",
          globalAssetId: "urn:gear",
        },
      ],
    },
  ],
  conceptDescriptions: [
    {
      modelType: "ConceptDescription",
      idShort: "Speed",
      id: "urn:cd",
      embeddedDataSpecifications: [
        {
          dataSpecification: global("http://admin-shell.io/DataSpecificationTemplates/DataSpecificationIEC61360/2/0"),
          dataSpecificationContent: {
            modelType: "DataSpecificationIec61360",
            preferredName: [{ language: "EN", text: "Speed" }],
            shortName: [{ language: "EN", text: "n" }],
            unit: "1/min",
            unitId: global("0173-1#05-AAA650#002"),
            sourceOfDefinition: "ISO",
            dataType: "REAL_MEASURE",
            definition: [{ language: "EN", text: "How fast" }],
          },
        },
      ],
      isCaseOf: [global("0173-1#02-BAA120#008")],
    },
  ],
};

describe("XML of releases 1 and 2", () => {
  test.each(["1/0", "2/0"] as const)("[A27] aas/%s is upgraded to 3.1, whole and valid, and every change is told", (release) => {
    const read = readXml(xml(release));
    expect(read.environment).toEqual(upgraded);
    expect(read.release).toBe(release.replace("/", "."));
    expect(validate(read.environment, "Environment")).toEqual([]);
    expect(new Set(read.findings.map(({ severity }) => severity))).toEqual(new Set(["repaired", "info"]));
    const told = read.findings.map(({ message }) => message).join("\n");
    for (const change of [
      /release (1|2)\.0: upgraded to 3\.1/,
      /idType/,
      /asset information/,
      /view/,
      /ordered = true/,
      /kind of a submodel element/,
      /direction/,
    ])
      expect(told).toMatch(change);
  });

  test("[A27] what is told once for a file says how often it was met", () => {
    const { findings } = readXml(xml("2/0"));
    expect(findings.find(({ message }) => message.includes("A key's idType"))?.message).toMatch(/\(\d\d times, first here\)$/);
  });

  test("[A27] references between elements keep their meaning: the same submodels and elements are referred to", () => {
    const { environment } = readXml(xml("2/0"));
    const shell = environment.assetAdministrationShells![0]!;
    expect(shell.submodels!.map(({ keys: path }) => path.at(-1)!.value)).toContain(environment.submodels![0]!.id);
  });

  test("[A27] shapes of an earlier release in a namespace of a later one are read too, and drafts of 3.0", () => {
    for (const namespace of ["https://admin-shell.io/aas/3/0", "https://admin-shell.io/aas/3/0/RC02", "urn:nobody"]) {
      const read = readXml(xml("2/0").replace("http://www.admin-shell.io/aas/2/0", namespace));
      expect(read.environment, namespace).toEqual(upgraded);
    }
  });
});

describe("JSON of release 2", () => {
  const iri = (id: string) => ({ idType: "IRI", id });
  const old = (type: string, value: string, idType = "IRI") => ({ keys: [{ type, local: true, value, idType, index: 0 }] });
  const environment = {
    assetAdministrationShells: [
      {
        modelType: { name: "AssetAdministrationShell" },
        idShort: "motor",
        identification: iri("urn:aas"),
        asset: old("Asset", "urn:asset"),
        submodels: [old("Submodel", "urn:sm")],
        conceptDictionary: [],
        views: [],
        embeddedDataSpecifications: [],
      },
    ],
    assets: [
      {
        modelType: { name: "Asset" },
        idShort: "servo",
        identification: iri("urn:asset"),
        kind: "Type",
        descriptions: [{ language: "en", text: "A servo" }],
      },
    ],
    submodels: [
      {
        modelType: { name: "Submodel" },
        kind: "Instance",
        idShort: "data",
        identification: iri("urn:sm"),
        semanticId: { keys: [] },
        qualifiers: [],
        submodelElements: [
          {
            modelType: { name: "Property" },
            kind: "Instance",
            idShort: "speed",
            constraints: [
              { modelType: { name: "Qualifier" }, type: "life", valueType: { dataObjectType: { name: "string" } }, value: "nominal" },
              { modelType: { name: "Formula" }, dependsOn: [] },
            ],
            valueType: { dataObjectType: { name: "integer" } },
            value: 7,
            parent: old("Submodel", "urn:sm"),
          },
          { modelType: { name: "MultiLanguageProperty" }, idShort: "title", value: { langString: [{ language: "en", text: "Motor" }] } },
          { modelType: { name: "SubmodelElementCollection" }, idShort: "empty", ordered: false, allowDuplicates: true, value: [] },
          { modelType: { name: "ReferenceElement" }, idShort: "where", value: old("GlobalReference", "urn:somewhere") },
          { modelType: { name: "Capability" }, idShort: "turning", description: { en: "It turns", de: "Es dreht sich" } },
        ],
      },
    ],
    conceptDescriptions: [
      {
        modelType: { name: "ConceptDescription" },
        idShort: "Speed",
        identification: iri("urn:cd"),
        embeddedDataSpecifications: [
          {
            dataSpecification: old("GlobalReference", "www.admin-shell.io/DataSpecificationTemplates/DataSpecificationIEC61360"),
            dataSpecificationContent: {
              preferredName: [],
              shortName: [{ language: "en", text: "n" }],
              dataType: "RealMeasure",
              unit: "1/min",
              levelType: ["Min", "Max"],
              valueList: { valueReferencePairTypes: [] },
            },
          },
        ],
      },
    ],
  };

  test("[A27] it is upgraded to 3.1, whole, and every change is told", () => {
    const read = parseEnvironment(environment);
    expect(read.environment).toEqual({
      assetAdministrationShells: [
        {
          modelType: "AssetAdministrationShell",
          idShort: "motor",
          id: "urn:aas",
          assetInformation: { assetKind: "Type", globalAssetId: "urn:asset" },
          submodels: [model(["Submodel", "urn:sm"])],
          extensions: [
            { name: "asset", valueType: "xs:string", value: '{"idShort":"servo","descriptions":[{"language":"en","text":"A servo"}]}' },
          ],
        },
      ],
      submodels: [
        {
          modelType: "Submodel",
          kind: "Instance",
          idShort: "data",
          id: "urn:sm",
          submodelElements: [
            {
              modelType: "Property",
              idShort: "speed",
              qualifiers: [{ type: "life", valueType: "xs:string", value: "nominal" }],
              valueType: "xs:integer",
              value: "7",
            },
            { modelType: "MultiLanguageProperty", idShort: "title", value: [{ language: "en", text: "Motor" }] },
            {
              modelType: "SubmodelElementCollection",
              idShort: "empty",
              extensions: [{ name: "allowDuplicates", valueType: "xs:boolean", value: "true" }],
            },
            { modelType: "ReferenceElement", idShort: "where", value: global("urn:somewhere") },
            {
              modelType: "Capability",
              idShort: "turning",
              description: [
                { language: "en", text: "It turns" },
                { language: "de", text: "Es dreht sich" },
              ],
            },
          ],
        },
      ],
      conceptDescriptions: [
        {
          modelType: "ConceptDescription",
          idShort: "Speed",
          id: "urn:cd",
          embeddedDataSpecifications: [
            {
              dataSpecification: global("www.admin-shell.io/DataSpecificationTemplates/DataSpecificationIEC61360"),
              dataSpecificationContent: {
                modelType: "DataSpecificationIec61360",
                preferredName: [{ language: "en", text: "n" }],
                shortName: [{ language: "en", text: "n" }],
                dataType: "REAL_MEASURE",
                unit: "1/min",
                levelType: { min: true, nom: false, typ: false, max: true },
              },
            },
          ],
        },
      ],
    });
    expect(read.release).toBe("2.0");
    expect(read.findings.find(({ message }) => message.includes("formula"))).toMatchObject({
      severity: "repaired",
      path: "submodels[0].submodelElements[0]",
    });
  });

  test("[A27] upgrading again changes nothing", () => {
    const { environment: once } = parseEnvironment(environment);
    expect(upgradeEnvironment(once)).toEqual({ json: once, findings: [], legacy: false });
  });
});

test("[A25] text in other encodings is read, and told where it had to be guessed", () => {
  const given = xml("2/0").replace("How fast", "Wie schnell, sagt Müller");
  const utf16 = (text: string, mark: boolean) =>
    Uint8Array.from([
      ...(mark ? [0xff, 0xfe] : []),
      ...[...text].flatMap((character) => [character.charCodeAt(0) & 255, character.charCodeAt(0) >> 8]),
    ]);
  const latin = (text: string) => Uint8Array.from([...text].map((character) => character.charCodeAt(0)));
  const declared = given.replace('version="1.0"', 'version="1.0" encoding="ISO-8859-1"');
  const expected = readXml(given).environment;
  for (const bytes of [utf16(given, true), utf16(given, false), latin(declared), new TextEncoder().encode(`\ufeff${given}`)]) {
    const read = readFile(bytes);
    expect(read.environment).toEqual(expected);
    expect(read.findings.filter(({ constraint }) => constraint === "encoding")).toEqual([]);
  }
  const guessed = readFile(latin(given));
  expect(guessed.environment).toEqual(expected);
  expect(guessed.findings[0]).toMatchObject({ constraint: "encoding", severity: "repaired" });
});
