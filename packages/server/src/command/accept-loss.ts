import { acceptLoss, ACCEPTED_LOSSES } from "../compose/accept-loss.ts";

/** Goes on with a change log that is shorter than what is known of it; without the right `--ends-at` it only says what is missing. */
export async function acceptLossOf(
  directory: string,
  options: { readonly endsAt?: number; readonly postgres?: string; readonly json?: boolean },
): Promise<void> {
  const loss = await acceptLoss(directory, {
    endsAt: options.endsAt,
    ...(options.postgres === undefined ? {} : { postgres: options.postgres }),
  });
  process.stdout.write(
    options.json
      ? `${JSON.stringify(loss)}\n`
      : `accepted: the change log ends at revision ${loss.endsAt}; what was known of it stands in ${ACCEPTED_LOSSES}\n`,
  );
}
