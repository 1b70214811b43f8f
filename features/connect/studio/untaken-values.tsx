import * as calls from "../calls.ts";
import { Button } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionRequest, PlantOffer } from "@doppelwerk/client";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { PlantLook } from "./plant-look.tsx";

interface Untaken {
  readonly plant: ConnectionRequest;
  /** Without the values that are signals already. */
  readonly offer: PlantOffer;
}

/** What a plant offers since it was connected: looked for when somebody asks, and taken, all of it or what is ticked. */
export function UntakenValues({ connection: { id, name } }: { readonly connection: ConnectionStatus }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [untaken, setUntaken] = useState<Untaken | undefined>(undefined);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error));
  const params = { id };
  const look = (): void =>
    run(async () => {
      setUntaken(await untakenOf(studio.client, id));
      choose(new Set());
    });
  const take = (): void =>
    run(async () => {
      const { taken } = await calls.take(studio.client, { params, body: chosen.size === 0 ? {} : { addresses: [...chosen] } });
      studio.notify("good", t("connect.untaken.taken", { count: taken, name }));
      setUntaken(undefined);
    });
  if (untaken === undefined || untaken.offer.drafts.length === 0)
    return (
      <>
        <Button size="sm" variant="default" loading={busy} onClick={look} leftSection={<IconListSearch size={16} />}>
          {t("connect.untaken.look")}
        </Button>
        {untaken !== undefined && <p className="dw-quiet">{t("connect.untaken.none")}</p>}
      </>
    );
  return (
    <div className="dw-plant-rows">
      <PlantLook plant={untaken.plant} offer={untaken.offer} chosen={chosen} onChoose={choose} />
      <Button size="sm" loading={busy} onClick={take}>
        {t("connect.untaken.take", { count: chosen.size === 0 ? untaken.offer.drafts.length : chosen.size })}
      </Button>
    </div>
  );
}

async function untakenOf(client: Parameters<typeof calls.offer>[0], id: string): Promise<Untaken> {
  const params = { id };
  const [offer, connection] = await Promise.all([calls.offer(client, { params }), calls.get(client, { params })]);
  const { url, protocol, settings, secret } = connection;
  const known = new Set(offer.untaken);
  return {
    plant: { url, protocol, ...(settings && { settings }), ...(secret !== undefined && { secret }) },
    offer: { ...offer, drafts: offer.drafts.filter(({ address }) => known.has(address)) },
  };
}
