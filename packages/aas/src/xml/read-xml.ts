import { message, type MessageCode } from "@doppelwerk/messages";
import { type AttributeRow, type ClassName, type ClassRow, CLASSES_BY_XML_NAME, classNamed, standInsOf } from "../class-table.ts";
import { error, repaired, warning, type Finding } from "../finding.ts";
import { examine } from "../validation/validate.ts";
import { legacyEnvironmentOf } from "./legacy-xml.ts";
import { upgradeEnvironment } from "../upgrade/upgrade.ts";
import { belowHome, HOMES, parseEnvironment } from "../json/parse-environment.ts";
import { DEEPEST, MAX_FINDINGS, report, type Instance } from "../validation/read-instance.ts";
import { parseXml, type XmlElement } from "./xml-node.ts";
import type { ReadEnvironment } from "../read-environment.ts";

const STRAY_TEXT: MessageCode = "aas.mustHoldElements";

const NAMESPACE = /^https?:\/\/(?:www\.)?admin-shell\.io\/aas\/([0-9]+)\/([0-9]+)(?:\/RC0[0-9])?\/?$/;

/**
 * An environment from XML text of any release (namespaces aas/1/0, 2/0, 3/0, 3/1), and everything that is wrong with it. Never throws.
 * As parseEnvironment, it takes a single shell, submodel or concept description for an environment of one;
 * an instance of any other class gives an empty environment, that reason and its own findings. Releases 1 and 2 are upgraded; a foreign namespace is told, and the names decide.
 */
export function readXml(text: string): ReadEnvironment {
  const root = parseXml(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if ("severity" in root) return { environment: {}, findings: [root] };
  const match = NAMESPACE.exec(root.namespace);
  const row = CLASSES_BY_XML_NAME.get(root.name);
  if (isLegacy(root, match)) return readLegacy(root, match);
  const judged = judge(root, row, match);
  if (judged.json === undefined) return { environment: {}, findings: judged.findings };
  const release = match?.[2] === "0" ? "3.0" : "3.1";
  const { environment, findings: further } = environmentIn(judged.row, judged.json);
  const read: ReadEnvironment = { environment, findings: [...judged.findings, ...further], release };
  // Shapes of an earlier release in a namespace of a later one: the other reading is taken where less is wrong with it. No release has text there.
  const strays = judged.findings.filter(({ reason }) => reason?.code === STRAY_TEXT);
  if (judged.row.name !== "Environment" || errorsIn(judged) === strays.length) return read;
  const other = parseEnvironment(legacyEnvironmentOf(root));
  const isBetter = errorsIn(other) + strays.length < errorsIn(read) && instancesIn(other.environment) >= instancesIn(environment);
  return isBetter ? { ...other, findings: [...strays, ...other.findings], release } : read;
}

/** An instance of any class from XML text of release 3, and everything that is wrong with it; undefined when nothing usable is there. Never throws. */
export function readXmlOf(text: string): {
  readonly instance: unknown;
  readonly className: string | undefined;
  readonly findings: readonly Finding[];
} {
  const root = parseXml(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if ("severity" in root) return { instance: undefined, className: undefined, findings: [root] };
  const judged = judge(root, CLASSES_BY_XML_NAME.get(root.name), NAMESPACE.exec(root.namespace));
  if (judged.json === undefined) return { instance: undefined, className: undefined, findings: judged.findings };
  const { read, findings } = examine(judged.json, judged.row.name);
  return { instance: read, className: judged.row.name, findings: [...judged.findings, ...findings] };
}

/** Findings of an XML text of release 3 as the standard has it: nothing is upgraded. An instance of the class, or of any. Never throws. */
export function judgeXml(text: string, of?: ClassName): readonly Finding[] {
  const root = parseXml(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if ("severity" in root) return [root];
  const expected = of && classNamed(of).xmlName;
  if (expected !== undefined && expected !== root.name)
    return [error("", "structure", message("aas.rootElementExpected", { name: root.name, expected }))];
  return isLegacy(root, NAMESPACE.exec(root.namespace)) ? readXml(text).findings : readXmlOf(text).findings;
}

type Judged =
  | { readonly row: ClassRow; readonly json: Instance; readonly findings: Finding[] }
  | { readonly json: undefined; readonly findings: Finding[] };

function judge(root: XmlElement, row: ClassRow | undefined, match: RegExpExecArray | null): Judged {
  const findings: Finding[] = [];
  if (match === null) {
    const namespace = JSON.stringify(root.namespace.slice(0, 200));
    if (row === undefined) {
      return { json: undefined, findings: [error("", "namespace", message("aas.namespaceUnknown", { namespace, name: root.name }))] };
    }
    findings.push(repaired("", "namespace", message("aas.namespaceTakenFor31", { namespace })));
  }
  if (row === undefined)
    return { json: undefined, findings: [error("", "xml", message("aas.rootElementClassMetamodel", { name: root.name }))] };
  return { row, json: instanceOf(row, root, "", findings, 0)!, findings };
}

function errorsIn(read: { readonly findings: readonly Finding[] }): number {
  return read.findings.filter(({ severity }) => severity === "error").length;
}

function instancesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = Array.isArray(value) ? 0 : 1;
  for (const each of Object.values(value)) count += instancesIn(each);
  return count;
}

/** As read, unless a shape of an earlier release or a careless writer explains what is wrong. */
function environmentIn(row: ClassRow, json: Instance): ReadEnvironment {
  if (row.name === "Environment") return parseEnvironment(json);
  const { read, findings } = examine(json, row.name);
  const home = HOMES[row.name];
  if (home === undefined)
    return {
      environment: {},
      findings: [error("", "structure", message("aas.bareEnvironmentPlace", { name: row.name })), ...findings],
    };
  return { environment: read === undefined ? {} : { [home]: [read] }, findings: findings.map((finding) => belowHome(home, finding)) };
}

function isLegacy(root: XmlElement, match: RegExpExecArray | null): boolean {
  return root.name === "aasenv" || match?.[1] === "1" || match?.[1] === "2" || root.namespace.includes("/RC0");
}

function readLegacy(root: XmlElement, match: RegExpExecArray | null): ReadEnvironment {
  const release = match?.[1] === "1" ? "1.0" : match?.[1] === "3" || root.namespace.includes("/RC0") ? "3.0" : "2.0";
  if (root.name !== "aasenv" && root.name !== "environment")
    return {
      environment: {},
      findings: [error("", "xml", message("aas.rootElementReleaseEnvironment", { name: root.name, release }))],
      release,
    };
  const upgraded = upgradeEnvironment(legacyEnvironmentOf(root));
  const { environment, findings } = parseEnvironment(upgraded.json);
  const told = repaired("", "release", message("aas.fileUpgraded", { release, draft: String(root.namespace.includes("/RC0")) }));
  return { environment, findings: [told, ...upgraded.findings, ...findings], release };
}

/** The JSON shape of an element of a known class; whether its values are good is left to the check of that shape. */
function instanceOf(row: ClassRow, element: XmlElement, path: string, findings: Finding[], depth: number): Instance | undefined {
  if (depth > DEEPEST) {
    report(findings, path, "limit", message("aas.nestedMoreThanLevelsDeep", { max: DEEPEST }));
    return undefined;
  }
  if (element.text.trim() !== "") report(findings, path, "xml", message("aas.mustHoldElements", { name: element.name }));
  tellAttributes(element, path, findings);
  const instance: Instance = row.hasModelType ? { modelType: row.name } : {};
  for (const child of element.children) {
    const attribute = row.byName.get(child.name);
    if (attribute !== undefined) tellNamespace(child, element, path, findings);
    if (attribute === undefined) {
      report(
        findings,
        path,
        "additional",
        message("aas.noXmlElement", {
          name: row.name,
          child: child.name,
          namespace: child.namespace === element.namespace ? "none" : child.namespace,
          excerpt: excerptOf(child),
        }),
      );
    } else if (Object.hasOwn(instance, attribute.name)) {
      report(findings, path, "xml", message("aas.xmlElementTwice", { name: child.name, child: excerptOf(child) }));
    } else {
      const value = valueIn(attribute, child, path === "" ? child.name : `${path}.${child.name}`, findings, depth);
      if (value !== undefined) instance[attribute.name] = value;
    }
  }
  return instance;
}

function valueIn(attribute: AttributeRow, element: XmlElement, path: string, findings: Finding[], depth: number): unknown {
  const { type } = attribute;
  if (type.kind === "list") return itemsIn(type.of, element, path, findings, depth);
  if (type.kind === "instance") {
    if (standInsOf(type.of) === undefined) return instanceOf(classNamed(type.of as never), element, path, findings, depth + 1);
    const items = itemsIn(type.of, element, path, findings, depth);
    if (items.length > 1) report(findings, path, "xml", message("aas.mustHoldOneElement", { name: element.name, items: items.length }));
    return items[0];
  }
  if (element.children.length > 0)
    report(findings, path, "xml", message("aas.mustHoldText", { name: element.name, name2: element.children[0]!.name }));
  if (type.kind === "boolean") return booleanOf(element, path, findings);
  if (type.kind === "enumeration") return element.text.trim();
  return type.kind === "bytes" ? element.text.replace(/[ \t\r\n]+/g, "") : element.text;
}

function itemsIn(of: string, element: XmlElement, path: string, findings: Finding[], depth: number): Instance[] {
  if (element.text.trim() !== "") report(findings, path, "xml", message("aas.mustHoldElements", { name: element.name }));
  const items: Instance[] = [];
  const standIns = standInsOf(of as never);
  element.children.forEach((child, index) => {
    const row = CLASSES_BY_XML_NAME.get(child.name);
    if (row === undefined || (standIns === undefined ? row.name !== of : !standIns.has(row.name))) {
      report(
        findings,
        path,
        "xml",
        message("aas.expectedXmlElement", { of, name: element.name, name2: child.name, child: excerptOf(child) }),
      );
      return;
    }
    tellNamespace(child, element, path, findings);
    const item = instanceOf(row, child, `${path}[${index}]`, findings, depth + 1);
    if (item !== undefined) items.push(item);
  });
  return items;
}

function booleanOf(element: XmlElement, path: string, findings: Finding[]): boolean | undefined {
  const text = element.text.trim();
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  report(findings, path, "lexical", message("aas.notBoolean", { text: JSON.stringify(text.slice(0, 80)) }));
  return undefined;
}

/** A child of another namespace than its parent is read by its name, and told once a place. */
function tellNamespace(child: XmlElement, element: XmlElement, path: string, findings: Finding[]): void {
  if (child.namespace === element.namespace || findings.length >= MAX_FINDINGS) return;
  findings.push(
    repaired(
      path,
      "namespace",
      message("aas.otherNamespace", { name: child.name, namespace: JSON.stringify(child.namespace.slice(0, 200)), name2: element.name }),
    ),
  );
}

function tellAttributes(element: XmlElement, path: string, findings: Finding[]): void {
  const names = Object.keys(element.attributes).filter((name) => name !== "xmlns" && !/^(xmlns|xsi|xml):/.test(name));
  if (names.length === 0 || findings.length >= MAX_FINDINGS) return;
  findings.push(
    warning(
      path,
      "additional",
      message("aas.xmlAttributesStandardDoesKnow", { name: element.name, names: names.join(", ").slice(0, 200) }),
    ),
  );
}

/** The beginning of what an element says, so that what is left out can be found again. */
function excerptOf(element: XmlElement): string {
  const texts: string[] = [];
  const collect = (each: XmlElement) => {
    if (each.text.trim() !== "") texts.push(each.text.trim());
    if (texts.length < 5) each.children.forEach(collect);
  };
  collect(element);
  const text = texts.join(" ");
  return text === "" ? "empty" : JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
