import { Fragment } from "react";
import type { ReactNode } from "react";
import type { BasicEventElement } from "@doppelwerk/aas";
import { useWords } from "@doppelwerk/kit/studio";
import { referenceText } from "./value-text.ts";

/** What a basic event observes, and how it is published. */
export function EventFacts({ event }: { readonly event: BasicEventElement }): ReactNode {
  const { t } = useWords();
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    [t("assets.explorer.observed"), referenceText(event.observed)],
    [t("assets.explorer.event.direction"), t(`assets.explorer.event.${event.direction}`)],
    [t("assets.explorer.event.state"), t(`assets.explorer.event.${event.state}`)],
    [t("assets.explorer.event.topic"), event.messageTopic],
    [t("assets.explorer.event.broker"), referenceText(event.messageBroker)],
    [t("assets.explorer.event.last"), event.lastUpdate],
    [t("assets.explorer.event.least"), event.minInterval],
    [t("assets.explorer.event.most"), event.maxInterval],
  ];
  return (
    <dl className="dw-facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== "")
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd className="dw-breaks">{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
