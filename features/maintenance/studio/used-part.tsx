import { Button, NumberInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { CardPart, momentText, numberText, useWords } from "@doppelwerk/kit/studio";
import type { WorkOrder } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { Acting } from "./order-details.tsx";

interface Props {
  readonly order: WorkOrder;
  readonly acting: Acting;
  readonly isFixed: boolean;
}

/** Parts that were planned and used, and what people wrote. */
export function UsedPart({ order, acting, isFixed }: Props): ReactNode {
  return (
    <>
      <Parts order={order} acting={acting} isFixed={isFixed} />
      <Notes order={order} acting={acting} isFixed={isFixed} />
    </>
  );
}

function Parts({ order, acting, isFixed }: Props): ReactNode {
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
          <TextInput label={t("maintenance.part")} value={part} maxLength={100} onChange={(event) => setPart(event.currentTarget.value)} />
          <NumberInput label={t("maintenance.quantity")} value={quantity} min={0} onChange={setQuantity} />
          <Button type="submit" variant="default" loading={acting.busy} disabled={part.trim() === "" || !(Number(quantity) > 0)}>
            {t("maintenance.use")}
          </Button>
        </form>
      )}
    </CardPart>
  );
}

function Notes({ order, acting, isFixed }: Props): ReactNode {
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
