import { PubpinError } from "@pubpin/shared";

/** The error that a promise is rejected with; fails where it is kept, or another kind of error. */
export async function refusalOf(promise: Promise<unknown>): Promise<PubpinError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PubpinError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}
