// The SDP texts that cross the gate: what a browser may answer, and what of ours it gets to see.
//
// Invariant: only one application section, no candidates and a few kilobytes reach the native parser. Without the peer's candidates the server
// learns its address from the peer's own checks, and nobody can make it send checks to an address of their choice or resolve their host names.

/** Reads the body of an answer; null when it is not one. Never throws. */
export function readAnswer(body: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('sdp' in value) || !('type' in value)) return null;
  const { sdp, type } = value;
  if (type !== 'answer' || typeof sdp !== 'string' || sdp.length > ANSWER_BYTES || !sdp.startsWith('v=0')) return null;
  const lines = withoutCandidates(sdp)
    .split('\r\n')
    .filter((line) => line !== '');
  const sections = lines.filter((line) => line.startsWith('m='));
  if (sections.length !== 1 || !sections[0]?.startsWith('m=application ')) return null;
  if (!ANSWER_NEEDS.every((prefix) => lines.some((line) => line.startsWith(prefix)))) return null;
  return `${lines.join('\r\n')}\r\n`;
}

export function withoutCandidates(sdp: string): string {
  return sdp
    .split(/\r?\n/)
    .filter((line) => !/^a=(candidate:|end-of-candidates)/.test(line))
    .join('\r\n');
}

/**
 * Our offer, with DTLS begun by us. A browser that may choose begins it as soon as its own half of ICE works, while libdatachannel still waits for its half
 * and drops what comes: Chromium then says its first words again, 50 to 400 ms later.
 */
export function beginningDtls(offer: string): string {
  return offer.replace('a=setup:actpass', 'a=setup:active');
}

/** A candidate line as clients should see it: a host candidate gets the advertised address, for a server behind a NAT or in a container. */
export function advertiseCandidate(line: string, address: string | undefined): string {
  if (address === undefined) return line;
  return line.replace(HOST_CANDIDATE, (_all, before: string, after: string) => before + address + after);
}

/** The same for every candidate line of a description. */
export function advertiseDescription(sdp: string, address: string | undefined): string {
  return address === undefined
    ? sdp
    : sdp
        .split('\r\n')
        .map((line) => advertiseCandidate(line, address))
        .join('\r\n');
}

/** candidate:foundation component protocol priority ADDRESS port typ host */
const HOST_CANDIDATE = /^((?:a=)?candidate:\S+ \d+ \S+ \d+ )\S+( \d+ typ host)/;

const ANSWER_NEEDS = ['a=ice-ufrag:', 'a=ice-pwd:', 'a=fingerprint:'];

/** Chromium's answers are about 600 bytes. */
export const ANSWER_BYTES = 8192;
