import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { PlantOffer } from "@doppelwerk/client";
import type { RecordId } from "@doppelwerk/world";
import { useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { PlantConditions } from "./plant-conditions.tsx";
import { PlantMethods } from "./plant-methods.tsx";
import "./plant-look.css";

/** The methods of a plant, and the conditions it raises itself: asked for when somebody wants to see them. */
export function PlantTools({ connection }: { readonly connection: RecordId }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [offer, setOffer] = useState<PlantOffer | undefined>(undefined);
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error));
  const look = (): void => run(() => studio.client.offerOf(connection).then(setOffer));
  if (offer === undefined)
    return (
      <Button size="sm" variant="default" loading={busy} onClick={look} leftSection={<IconPlayerPlay size={16} />}>
        {t("connect.tools.open")}
      </Button>
    );
  // a condition is acknowledged as a condition; its own methods are none of the plant's
  const conditions = new Set(offer.conditions?.map(({ address }) => address.replace(/^condition:/, "")));
  return (
    <div className="dw-plant-rows">
      <PlantMethods connection={connection} methods={(offer.methods ?? []).filter(({ object }) => !conditions.has(object))} />
      <PlantConditions connection={connection} conditions={offer.conditions ?? []} onChanged={look} />
    </div>
  );
}
