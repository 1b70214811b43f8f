import { documentChange, DoppelwerkError, message, readDocument, type Message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import type { BranchId, Change } from "@doppelwerk/world";
import type { orders } from "../feature.ts";
import type {} from "../message-codes.ts";
import { readDocument as readB2mml, writeJson, writeXml } from "../model/b2mml/document.ts";
import { materialInformationOf, materialsOf as readMaterials } from "../model/b2mml/materials.ts";
import { performanceOf, reportsOf } from "../model/b2mml/performance.ts";
import { messagesOfSchedule, scheduleOf } from "../model/b2mml/schedule.ts";
import { all } from "../model/b2mml/tree.ts";
import { OrderFields, orderDocumentId, productionOrder } from "../model/order-kind.ts";
import { lotDocumentId, materialDefinition, materialDocumentId, materialLot } from "../model/resource-kinds.ts";
import { takeMessage } from "../model/taken-message.ts";
import { lotsOf, materialsOf } from "./resources.ts";
import type { ShownOrders } from "./shown-orders.ts";

type Ctx = FeatureContext<typeof orders>;
type Written = "OperationsSchedule" | "OperationsPerformance" | "MaterialInformation";

export interface Imported {
  readonly document: string;
  readonly stored: number;
  readonly same: number;
  readonly refused: { readonly where: string; readonly reason: Message }[];
  readonly reports: { readonly number: string; readonly reported?: number; readonly counted?: number }[];
}

/** Documents of B2MML 7, out and in. */
export class B2mml {
  readonly #ctx: Ctx;
  readonly #shown: ShownOrders;
  readonly #shellOf: (line: string) => string | undefined;

  constructor(ctx: Ctx, shown: ShownOrders, shellOf: (line: string) => string | undefined) {
    this.#ctx = ctx;
    this.#shown = shown;
    this.#shellOf = shellOf;
  }

  async write(view: PlantView, branch: BranchId, document: Written, format: "xml" | "json", days: number): Promise<string> {
    const facts = { id: `${this.#ctx.world.name}-${document}`, publishedAt: this.#ctx.now() };
    const write = format === "xml" ? writeXml : writeJson;
    if (document === "MaterialInformation")
      return write(document, materialInformationOf(facts, materialsOf(view, branch), lotsOf(view, branch)));
    const { orders: listed } = await this.#shown.list(view, { branch, days });
    // a schedule has one request at least
    if (listed.length === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("orders.b2mml.noOrders"));
    if (document === "OperationsSchedule")
      return write(
        document,
        scheduleOf(
          facts,
          listed.map(({ fields }) => fields),
        ),
      );
    const made = listed.flatMap(({ fields, state, made: own }) => (own === undefined ? [] : [{ fields, state, made: own }]));
    if (made.length === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("orders.b2mml.noOrders"));
    return write(document, performanceOf(facts, made));
  }

  /** Errors: DW_INVALID where it cannot be read; DW_CONFLICT. */
  async read(view: PlantView, branch: BranchId, octets: Uint8Array, isDry: boolean): Promise<Imported> {
    const { name, contents, verb } = readB2mml(textOf(octets));
    if (name === "OperationsSchedule") return this.#schedule(view, branch, contents, verb, isDry);
    if (name === "OperationsPerformance") return this.#reports(view, branch, contents);
    const [definitions, lots] =
      name === "MaterialInformation"
        ? [contents.flatMap((each) => all(each, "MaterialDefinition")), contents.flatMap((each) => all(each, "MaterialLot"))]
        : name === "MaterialDefinition"
          ? [contents, []]
          : [[], contents];
    const read = readMaterials(definitions, lots, this.#ctx.now());
    const reader = view.documents.reader(branch);
    const changes = [
      ...read.materials.map((fields) => {
        const id = materialDocumentId(fields.material);
        return documentChange(materialDefinition, id, reader.get(id), fields);
      }),
      ...read.lots.map((fields) => {
        const id = lotDocumentId(fields.material, fields.lot, fields.location ?? "");
        return documentChange(materialLot, id, reader.get(id), fields);
      }),
    ];
    const refused = read.refused.map((where) => ({ where, reason: message("orders.fault.missingIn", { field: where }) }));
    return this.#apply(view, branch, name, changes, refused, isDry);
  }

  async #schedule(
    view: PlantView,
    branch: BranchId,
    contents: readonly Parameters<typeof messagesOfSchedule>[0][],
    verb: string | undefined,
    isDry: boolean,
  ): Promise<Imported> {
    const reader = view.documents.reader(branch);
    const refused: Imported["refused"] = [];
    const changes = new Map<string, Change | undefined>();
    for (const read of contents.flatMap((content) => messagesOfSchedule(content, verb))) {
      const { where } = read;
      if (!("message" in read)) {
        refused.push({ where, reason: message("orders.fault.missingIn", { field: read.missing }) });
        continue;
      }
      const id = orderDocumentId(read.message.number);
      const record = reader.get(id);
      const before = record && readDocument(productionOrder, record);
      const source = before?.source ?? "b2mml";
      // what a person hands in holds now, whenever the document was published
      const { at: _published, ...said } = read.message;
      const taken = takeMessage(before, said, { source, by: view.principal.id, now: this.#ctx.now(), shellOf: this.#shellOf });
      if (taken.kind === "refused" || changes.has(id))
        refused.push({ where, reason: taken.kind === "refused" ? taken.why : message("orders.b2mml.twice", { number: where }) });
      else if (taken.kind === "stored") {
        const { source: _own, ...order } = taken.order;
        const isSame = before !== undefined && isSameOrder(before, taken.order);
        const kept = before?.source === undefined ? order : taken.order;
        changes.set(id, isSame ? undefined : documentChange(productionOrder, id, record, kept));
      }
    }
    return this.#apply(view, branch, "OperationsSchedule", [...changes.values()], refused, isDry);
  }

  async #reports(view: PlantView, branch: BranchId, contents: readonly Parameters<typeof reportsOf>[0][]): Promise<Imported> {
    const { orders: listed } = await this.#shown.list(view, { branch, days: 400 });
    const counted = new Map(listed.map(({ number, made }) => [number, made?.good]));
    const reports = contents.flatMap(reportsOf).map(({ number, good }) => {
      const own = counted.get(number);
      return { number, ...(good !== undefined && { reported: good }), ...(own !== undefined && { counted: own }) };
    });
    const refused = reports
      .filter(({ number }) => !counted.has(number))
      .map(({ number }) => ({ where: number, reason: message("orders.noOrder", { number }) }));
    return { document: "OperationsPerformance", stored: 0, same: reports.length - refused.length, refused, reports };
  }

  async #apply(
    view: PlantView,
    branch: BranchId,
    document: string,
    found: readonly (Change | undefined)[],
    refused: Imported["refused"],
    isDry: boolean,
  ): Promise<Imported> {
    const changes = found.filter((change) => change !== undefined);
    if (changes.length > 0 && !isDry)
      await view.documents.apply({ branch, reason: message("orders.log.b2mml", { document, count: changes.length }), changes });
    return { document, stored: changes.length, same: found.length - changes.length, refused, reports: [] };
  }
}

function isSameOrder(before: OrderFields, after: OrderFields): boolean {
  return JSON.stringify(OrderFields.parse(before)) === JSON.stringify(OrderFields.parse(after));
}

function textOf(octets: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    throw new DoppelwerkError("DW_INVALID", message("orders.fault.notUtf8"));
  }
}
