import { describe, expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { CORPUS, readCorpus } from "../shared-data.fixture.ts";
import type { Environment } from "../metamodel.ts";
import type { ClassName } from "../class-table.ts";
import { hasErrors } from "../finding.ts";
import { readFile } from "../import/read-file.ts";
import { readXml, readXmlOf } from "./read-xml.ts";
import { writeXml, writeXmlOf } from "./write-xml.ts";
import { parseXml } from "./xml-node.ts";

const environment = (inside: string, attributes = 'xmlns="https://admin-shell.io/aas/3/1"') =>
  `<?xml version="1.0"?>\n<environment ${attributes}>${inside}</environment>`;
const withValue = (value: string): Environment => ({
  submodels: [
    { modelType: "Submodel", id: "urn:sm", submodelElements: [{ modelType: "Property", idShort: "p1", valueType: "xs:string", value }] },
  ],
});

describe("the corpus of aas-core", () => {
  testOnSharedData("[A10] JSON to XML to JSON is the identity on every expected instance of every class", CORPUS, (path) => {
    const expected = readCorpus(path).filter((each) => each.expected);
    expect(expected).toHaveLength(3209);
    for (const { className, json, path: name } of expected) {
      const read = readXmlOf(writeXmlOf(className as ClassName, json as object));
      expect([read.className, read.instance, hasErrors(read.findings)], name).toEqual([className, json, false]);
    }
  });

  testOnSharedData("[A10] namespace 3/0 is written on request, and read", CORPUS, (path) => {
    for (const { className, json } of readCorpus(path)
      .filter((each) => each.expected && each.className === "Property")
      .slice(0, 50))
      expect(readXmlOf(writeXmlOf(className as ClassName, json as object, { release: "3.0" })).instance).toEqual(json);
    expect(writeXml(withValue("x"), { release: "3.0" })).toContain('xmlns="https://admin-shell.io/aas/3/0"');
  });
});

test("[A10] text survives as it is: white space, markup, line ends, characters beyond the basic plane", () => {
  for (const value of ["", " x ", "\n", "a\r\nb\rc", "<a>&amp;]]></a>", "\t\u00a0🙂", "'\""]) {
    expect(readXml(writeXml(withValue(value))).environment, JSON.stringify(value)).toEqual(withValue(value));
  }
  expect(readXml(writeXml(withValue("a\u0000b\ud800"))).environment).toEqual(withValue("a\ufffdb\ufffd"));
});

test("[A10] namespace 3/0, prefixes, CDATA, comments and character references are read", () => {
  const inside = `<x:submodels><!-- c --><x:submodel><x:id>urn:sm</x:id><x:submodelElements><x:property><x:idShort>p&#x31;</x:idShort>
    <x:valueType>xs:string</x:valueType><x:value>a<![CDATA[<&]]>b</x:value></x:property></x:submodelElements></x:submodel></x:submodels>`;
  const read = readXml(`<x:environment xmlns:x="https://admin-shell.io/aas/3/0">${inside}</x:environment>`);
  expect(read).toEqual({ environment: withValue("a<&b"), findings: [], release: "3.0" });
});

test("[A11] foreign roots and text that is not XML give one clear finding", () => {
  const refused: readonly [string, RegExp][] = [
    ['<a:submodel xmlns:a="http://www.admin-shell.io/aas/2/0"/>', /release 2\.0/],
    ["<html/>", /namespace/],
    ['<other xmlns="https://admin-shell.io/aas/3/1"/>', /no class/],
    ["", /well-formed/],
    ["{}", /well-formed/],
    [environment("<submodels>"), /well-formed/],
    [`${environment("")}<more/>`, /well-formed/],
    ["<p:environment/>", /well-formed|prefix/],
  ];
  for (const [text, message] of refused) {
    const { environment: read, findings } = readXml(text);
    expect(read).toEqual({});
    expect(findings, text).toMatchObject([{ severity: "error", message: expect.stringMatching(message) }]);
  }
});

test("[A11] no entity is ever expanded: a document type is refused, an unknown reference too", () => {
  const bomb = `<?xml version="1.0"?><!-- --><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${environment("").slice(21)}`;
  const external = `<!DOCTYPE x SYSTEM "file:///etc/passwd">${environment("")}`;
  for (const text of [bomb, external]) expect(readXml(text).findings).toMatchObject([{ message: expect.stringMatching(/DOCTYPE/) }]);
  expect(readXml(environment("<submodels><submodel><id>&evil;</id></submodel></submodels>")).findings).toMatchObject([
    { constraint: "xml" },
  ]);
});

test("[A11] a comment may speak of a document type, and references in attributes are resolved", () => {
  const spoken = `<?xml version="1.0"?><!-- no <!DOCTYPE here --><?pi a > b?>${environment("", 'xmlns="https://admin-shell.io/aas&#x2f;3/1"').slice(21)}`;
  expect(readXml(spoken)).toEqual({ environment: {}, findings: [], release: "3.1" });
  expect(parseXml('<a b="x&amp;&quot;y"/>')).toMatchObject({ attributes: { b: 'x&"y' } });
  expect(parseXml('<a b="&evil;"/>')).toMatchObject({ constraint: "xml" });
});

test("[A4] text between the elements of an environment is told, whatever release its shapes are of", () => {
  const { environment: read, findings } = readXml(environment("<submodels><submodel><id>urn:sm</id></submodel></submodels>stray"));
  expect(read).toEqual({ submodels: [{ modelType: "Submodel", id: "urn:sm" }] });
  expect(findings).toMatchObject([{ constraint: "xml", severity: "error" }]);
});

test("[A11] white space before the XML declaration is left out, and told", () => {
  const { environment: read, findings } = readFile(new TextEncoder().encode(`\r\n  ${writeXml(withValue("x"))}`));
  expect(read).toEqual(withValue("x"));
  expect(findings).toMatchObject([{ constraint: "xml", severity: "repaired" }]);
});

test("[A4] what does not belong into an element is told and left out", () => {
  const { environment: read, findings } = readXml(
    environment(
      "<submodels>text<submodel><id>urn:sm</id><id>twice</id><extra/><submodelElements><key/></submodelElements></submodel></submodels>",
    ),
  );
  expect(read).toEqual({ submodels: [{ modelType: "Submodel", id: "urn:sm" }] });
  expect(findings.map(({ constraint }) => constraint).sort()).toEqual(["additional", "empty", "xml", "xml", "xml"]);
});
