import { Autocomplete, Button, NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { answerOf, CardPart, inLanguage, momentText, numberText, useLoad, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { WorkOrder } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { Acting } from "./order-details.tsx";

interface Props {
  readonly order: WorkOrder;
  readonly branch: string;
  readonly acting: Acting;
  readonly isFixed: boolean;
}

/** Parts that were planned and used, and what people wrote. */
export function UsedPart({ order, branch, acting, isFixed }: Props): ReactNode {
  return (
    <>
      <Parts order={order} branch={branch} acting={acting} isFixed={isFixed} />
      <Notes order={order} acting={acting} isFixed={isFixed} />
    </>
  );
}

function Parts({ order, branch, acting, isFixed }: Props): ReactNode {
  const { t } = useWords();
  const [part, setPart] = useState("");
  const [quantity, setQuantity] = useState<number | string>(1);
  const names = [...new Set([...order.parts, ...order.used].map((each) => each.part))];
  const mayUse = !isFixed && order.state === "started";
  if (names.length === 0 && !mayUse) return null;
  const sumOf = (items: readonly { readonly part: string; readonly quantity: number }[], name: string): number =>
    items.filter((each) => each.part === name).reduce((sum, each) => sum + each.quantity, 0);
  return (
    <CardPart title={t("maintenance.parts")}>
      {names.length > 0 && (
        <ul className="dw-wo-used">
          {names.map((name) => (
            <li key={name}>
              <b>{name}</b>{" "}
              <span>
                {t("maintenance.partsOf", { used: numberText(sumOf(order.used, name)), planned: numberText(sumOf(order.parts, name)) })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {mayUse && (
        <form
          className="dw-wo-use"
          onSubmit={(event) => {
            event.preventDefault();
            acting.act({ act: "partUsed", part: part.trim(), quantity: Number(quantity) });
            setPart("");
          }}
        >
          <PartField order={order} branch={branch} part={part} onPart={setPart} />
          <NumberInput label={t("maintenance.quantity")} value={quantity} min={0} onChange={setQuantity} />
          <Button type="submit" variant="default" loading={acting.busy} disabled={part.trim() === "" || !(Number(quantity) > 0)}>
            {t("maintenance.use")}
          </Button>
        </form>
      )}
    </CardPart>
  );
}

function Notes({ order, acting, isFixed }: Omit<Props, "branch">): ReactNode {
  const { t, language, zone } = useWords();
  const [text, setText] = useState("");
  if (isFixed && order.notes.length === 0) return null;
  return (
    <CardPart title={t("maintenance.notes")}>
      {order.notes.map((note) => (
        <blockquote key={note.at} className="dw-wo-note">
          <b>{note.by}</b> <time>{momentText(note.at, zone, language, false)}</time>
          <p>{note.text}</p>
        </blockquote>
      ))}
      {!isFixed && (
        <form
          className="dw-wo-write"
          onSubmit={(event) => {
            event.preventDefault();
            acting.act({ act: "noted", text: text.trim() });
            setText("");
          }}
        >
          <Textarea
            aria-label={t("maintenance.note")}
            placeholder={t("maintenance.note")}
            rows={2}
            maxLength={2_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={acting.busy} disabled={text.trim() === ""}>
            {t("maintenance.addNote")}
          </Button>
        </form>
      )}
    </CardPart>
  );
}

/** Parts that fit the asset are offered with their stock; any other number can be typed. */
function PartField({
  order,
  branch,
  part,
  onPart,
}: {
  readonly order: WorkOrder;
  readonly branch: string;
  readonly part: string;
  readonly onPart: (part: string) => void;
}): ReactNode {
  const { t, language } = useWords();
  const known =
    useLoad(answerOf(calls.parts, { params: { id: order.id }, query: { branch } }, { topics: { "maintenance.changed": () => true } }))
      .value ?? [];
  const found = known.find((each) => each.part === part.trim());
  return (
    <Autocomplete
      label={t("maintenance.part")}
      description={
        found &&
        t("maintenance.inStock", {
          title: inLanguage(found.title, language),
          onHand: numberText(found.onHand),
          unit: found.unit,
          place: found.place ?? "–",
        })
      }
      value={part}
      maxLength={100}
      data={known.map((each) => each.part)}
      onChange={onPart}
    />
  );
}
