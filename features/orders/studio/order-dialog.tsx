import { NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import {
  FormDialog,
  fromLocal,
  inLanguage,
  toLocal,
  useScope,
  useSentForm,
  type SentForm,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";
import * as calls from "../calls.ts";
import type { KnownOrder, ListedOrders } from "../contract.ts";
import type {} from "../message-codes.ts";
import { REQUEST_STATES, type OrderFields } from "../model/order-kind.ts";

interface Draft {
  number: string;
  line: string;
  product: string;
  quantity: number | string;
  plannedStart: string;
  plannedEnd: string;
  due: string;
  priority: number | string;
  customer: string;
  state: OrderFields["state"];
  reason: string;
  /** Pieces that go to an order of their own. */
  split: number | string;
  splitNumber: string;
}

/** A new order, or another version of one: quantity, dates, hold, cancel, close; or a part of it as an order of its own. */
export function OrderDialog({
  order,
  lines,
  onClose,
  onStored,
}: {
  readonly order?: KnownOrder;
  readonly lines: ListedOrders["lines"];
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { branch } = useScope();
  const { t, zone } = useWords();
  const textOf = (at: Instant | undefined): string =>
    at === undefined ? "" : new Date(toLocal(zone, at) / 1_000).toISOString().slice(0, 16);
  const instantOf = (text: string): Instant | undefined => (text === "" ? undefined : fromLocal(zone, Date.parse(`${text}:00Z`) * 1_000));
  const form = useSentForm<Draft>(draftOf(order, lines, textOf), async (draft) => {
    const { number, split, splitNumber } = draft;
    if (Number(split) > 0) {
      const body = { number: splitNumber.trim(), quantity: Number(split), ...(order && { expected: order.at }) };
      await calls.split(client, { params: { number }, query: { branch }, body });
    } else {
      const fields = fieldsOf(draft, order, instantOf);
      await calls.store(client, { params: { number: fields.number }, query: { branch }, body: { fields, expected: order?.at ?? null } });
    }
    onStored();
    onClose();
  });
  const { values } = form;
  const isSplit = Number(values.split) > 0;
  const isWhole =
    values.number.trim() !== "" &&
    values.product.trim() !== "" &&
    Number(values.quantity) > 0 &&
    (!isSplit || values.splitNumber.trim() !== "");
  return (
    <FormDialog
      form={form}
      title={order === undefined ? t("orders.add") : t("orders.orderOf", { number: order.number, product: order.fields.product })}
      submit={t(isSplit ? "orders.split" : "orders.store")}
      isWhole={isWhole}
      size={620}
      onClose={onClose}
    >
      <Fields form={form} order={order} lines={lines} />
    </FormDialog>
  );
}

function Fields({
  form: { values, field },
  order,
  lines,
}: {
  readonly form: SentForm<Draft>;
  readonly order: KnownOrder | undefined;
  readonly lines: ListedOrders["lines"];
}): ReactNode {
  const { t, language } = useWords();
  const lineChoices = lines.map(({ line, title }) => ({ value: line, label: inLanguage(title, language) }));
  const isKnownLine = lineChoices.some(({ value }) => value === values.line);
  return (
    <div className="dw-order-fields">
      <TextInput label={t("orders.number")} maxLength={100} disabled={order !== undefined} data-autofocus {...field("number")} />
      <NativeSelect
        label={t("orders.field.line")}
        data={isKnownLine ? lineChoices : [...lineChoices, { value: values.line, label: values.line }]}
        {...field("line")}
      />
      <TextInput label={t("orders.field.product")} maxLength={100} {...field("product")} />
      <NumberInput label={t("orders.field.quantity")} min={0} {...field("quantity")} />
      <TextInput type="datetime-local" label={t("orders.field.plannedStart")} {...field("plannedStart")} />
      <TextInput type="datetime-local" label={t("orders.field.plannedEnd")} {...field("plannedEnd")} />
      <TextInput type="datetime-local" label={t("orders.field.due")} {...field("due")} />
      <NumberInput label={t("orders.field.priority")} min={1} max={999} allowDecimal={false} {...field("priority")} />
      <TextInput label={t("orders.field.customer")} maxLength={500} {...field("customer")} />
      <NativeSelect
        label={t("orders.field.state")}
        data={REQUEST_STATES.map((value) => ({ value, label: t(`orders.requested.${value}`) }))}
        {...field("state")}
      />
      <TextInput label={t("orders.field.reason")} maxLength={500} {...field("reason")} />
      {order !== undefined && (
        <>
          <NumberInput
            label={t("orders.splitPieces")}
            description={t("orders.splitHint")}
            min={0}
            max={order.fields.quantity}
            {...field("split")}
          />
          {Number(values.split) > 0 && <TextInput label={t("orders.splitNumber")} maxLength={100} {...field("splitNumber")} />}
        </>
      )}
    </div>
  );
}

function draftOf(order: KnownOrder | undefined, lines: ListedOrders["lines"], textOf: (at: Instant | undefined) => string): Draft {
  const fields = order?.fields;
  return {
    number: order?.number ?? "",
    line: order?.line ?? fields?.line ?? lines[0]?.line ?? "",
    product: fields?.product ?? "",
    quantity: fields?.quantity ?? "",
    plannedStart: textOf(fields?.plannedStart),
    plannedEnd: textOf(fields?.plannedEnd),
    due: textOf(fields?.due),
    priority: fields?.priority ?? "",
    customer: fields?.customer ?? "",
    state: fields?.state ?? "released",
    reason: fields?.reason ?? "",
    split: "",
    splitNumber: order === undefined ? "" : `${order.number}-2`,
  };
}

function fieldsOf(draft: Draft, order: KnownOrder | undefined, instantOf: (text: string) => Instant | undefined): OrderFields {
  const {
    plannedStart: _start,
    plannedEnd: _end,
    due: _due,
    priority: _priority,
    customer: _customer,
    reason: _reason,
    ...kept
  } = order?.fields ?? {
    unit: "PCE",
    operations: [],
    materials: [],
  };
  const [plannedStart, plannedEnd, due] = [draft.plannedStart, draft.plannedEnd, draft.due].map(instantOf);
  // the name that the source has for the line stays while it is the same
  const line = order !== undefined && draft.line === order.line ? order.fields.line : draft.line;
  return {
    ...kept,
    number: draft.number.trim(),
    line,
    product: draft.product.trim(),
    quantity: Number(draft.quantity),
    state: draft.state,
    ...(plannedStart !== undefined && { plannedStart }),
    ...(plannedEnd !== undefined && { plannedEnd }),
    ...(due !== undefined && { due }),
    ...(Number(draft.priority) > 0 && { priority: Number(draft.priority) }),
    ...(draft.customer.trim() !== "" && { customer: draft.customer.trim() }),
    ...(draft.reason.trim() !== "" && { reason: draft.reason.trim() }),
  };
}
