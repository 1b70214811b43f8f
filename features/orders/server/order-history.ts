import { isSameJson, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId } from "@doppelwerk/world";
import type { OrderVersion } from "../contract.ts";
import { orderDocumentId, OrderFields, productionOrder, type StoredOrder } from "../model/order-kind.ts";
import { noOrder } from "./order-book.ts";

/** Newest first. Errors: DW_NOT_FOUND. */
export function historyOf(view: PlantView, branch: BranchId, number: string, nameOf: (by: string) => string): OrderVersion[] {
  const versions = view.documents
    .reader(branch)
    .versions(orderDocumentId(number))
    .flatMap(({ record, revision }): readonly { readonly revision: number; readonly order: StoredOrder }[] => {
      const order = record && readDocument(productionOrder, record);
      return order === undefined ? [] : [{ revision, order }];
    })
    .toSorted((a, b) => b.revision - a.revision);
  if (versions.length === 0) throw noOrder(number);
  return versions.map(({ revision, order }, index) => {
    const fields = OrderFields.parse(order);
    const before = versions[index + 1];
    return {
      revision,
      at: order.at,
      by: nameOf(order.by),
      state: order.state,
      fields,
      changed: before === undefined ? [] : changedFields(OrderFields.parse(before.order), fields),
    };
  });
}

function changedFields(before: OrderFields, after: OrderFields): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as ReadonlySet<keyof OrderFields>;
  return [...names].filter((name) => !isSameJson(before[name], after[name]));
}
