// Access tokens for the API calls. Imports Google's auth library at the first use; never logs what it holds.

import type { AuthClient } from 'google-auth-library';
import type { Credential } from '../backend.ts';
import { ServalError } from '../errors.ts';

export interface Credentials {
  /** Authorization (and quota project) headers; fetches a token where none is valid. Rejects with the library's error. */
  headers(): Promise<Record<string, string>>;
  /**
   * Google refused these headers: forgets their token so that the next `headers` has another, unless that has happened
   * already; false where there is no other to be had.
   */
  renew(refused: Record<string, string>): boolean;
}

/**
 * Values and structure of any spreadsheet shared with the account; files this server creates; names of the files
 * it may see, for search. The narrowest set that serves the tools.
 */
const SCOPES = [
  'https://www.googleapis.com/auth/spreadsheets',
  'https://www.googleapis.com/auth/drive.file',
  'https://www.googleapis.com/auth/drive.metadata.readonly',
];

/** The embedded backend asks for no credential. */
export const noCredentials: Credentials = { headers: async () => ({}), renew: () => false };

/** Nothing is read or sent before the first `headers()`. `fetch` reaches the token endpoint. */
export function createCredentials(credential: Credential, fetch: typeof globalThis.fetch): Credentials {
  if (credential.kind === 'access_token') {
    const headers = { authorization: `Bearer ${credential.accessToken}` };
    return { headers: async () => headers, renew: () => false };
  }
  let client: Promise<AuthClient> | undefined;
  let settled: AuthClient | undefined;
  return {
    async headers() {
      client ??= open(credential, fetch);
      try {
        settled = await client;
      } catch (error) {
        client = undefined; // a missing file may be there at the next try
        throw error;
      }
      const headers = Object.fromEntries(await settled.getRequestHeaders());
      if (/^Bearer (?!undefined$|null$)\S+$/.test(headers.authorization ?? '')) return headers;
      // A captive portal or a broken proxy in front of the token endpoint answers 200 with something else.
      throw new ServalError('unavailable', "Google's token endpoint answered without a token.", {
        service: 'google_oauth',
        outcome: 'none',
      });
    },
    renew(refused) {
      if (settled === undefined) return false;
      const { access_token, refresh_token } = settled.credentials;
      if (refused.authorization !== `Bearer ${access_token}`) return true;
      settled.credentials = { ...(refresh_token != null && { refresh_token }), expiry_date: 1 };
      return true;
    },
  };
}

async function open(credential: Credential, fetch: typeof globalThis.fetch): Promise<AuthClient> {
  const { GoogleAuth, JWT, gaxios } = await import('google-auth-library');
  const transporter = new gaxios.Gaxios({ fetchImplementation: fetch });
  // The library repeats a failed token request three times whatever its options say; one attempt here is one request.
  transporter.interceptors.request.add({
    resolved: async (request) => {
      request.retry = false;
      delete request.retryConfig;
      return request;
    },
  });
  if (credential.kind === 'service_account') {
    const { client_email: email, private_key: key } = credential.key;
    return new JWT({ email, key, scopes: SCOPES, transporter });
  }
  return new GoogleAuth({ scopes: SCOPES, clientOptions: { transporter } }).getClient();
}
