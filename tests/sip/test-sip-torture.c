/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-rig.h"

#include <string.h>

/*
 * Messages with each of the properties that RFC 4475 describes, written for this test; the labels are the RFC's names for
 * them. Each is sent by UDP and by TCP, and the answer is what the RFC wants, or the reason stands beside it. After each the
 * phone answers an OPTIONS.
 *
 * In a message: {T} transport, {P} port of the peer, {D} port of the phone, {N} a number of its own, {L} length of the body.
 */

#define RING 1      /* accepted: it rings */
#define SILENCE 0   /* no answer */

#define VIA "Via: SIP/2.0/{T} 127.0.0.1:{P};branch=z9hG4bK{N}\r\n"
#define FROM "From: <sip:caller@example.net>;tag=f{N}\r\n"
#define TO "To: <sip:user@example.com>\r\n"
#define ID "Call-ID: torture{N}\r\n"
#define HOPS "Max-Forwards: 70\r\n"
#define CONTACT "Contact: <sip:caller@127.0.0.1:{P}>\r\n"
#define TAIL "Content-Length: {L}\r\n\r\n"
#define SDP_TAIL "Content-Type: application/sdp\r\n" TAIL
#define SDP "v=0\r\no=mhandley 29739 7272939 IN IP4 192.0.2.3\r\ns=-\r\nc=IN IP4 192.0.2.4\r\nt=0 0\r\n"
#define AUDIO SDP "m=audio 49217 RTP/AVP 0 12\r\nm=video 3227 RTP/AVP 31\r\na=rtpmap:31 LPC\r\n"

typedef struct {
  const char *label;
  const char *head;
  const char *body;
  guint       udp;
  guint       tcp;
} Case;

/* RFC 4475 §3.1.1 and what §3.3 and §3.4 want accepted. */
static const Case valid[] = {
  /* whitespace wherever it may stand, folded and compact headers, odd capitals, leading zeros, nothing in unknown headers */
  { "wsinv",
    "INVITE sip:vivekg@127.0.0.1:{D};unknownparam SIP/2.0\r\n"
    "TO :\r\n sip:vivekg@example.com ;   tag    =\r\n  1918181833n\r\n"
    "from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8{N}\r\n"
    "MaX-fOrWaRdS: 0068\r\n"
    "Call-ID: wsinv{N}\r\n"
    "Content-Length   : {L}\r\n"
    "cseq: 0009\r\n  INVITE\r\n"
    "Via  : SIP  /   2.0\r\n /{T}\r\n    127.0.0.1:{P};branch=390skdjuw{N}\r\n"
    "s :\r\n"
    "NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
    "UnknownHeaderWithUnusualValue: ;;,,;;,;\r\n"
    "Content-Type: application/sdp\r\n"
    "Route:\r\n <sip:127.0.0.1:{D};lr;unknownwith=value;unknown-no-value>\r\n"
    "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
    " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"
    "m:\"Quoted string \\\"\\\"\" <sip:jdrosen@127.0.0.1:{P}> ; newparam =\r\n      newvalue ;\r\n"
    "  secondparam ; q = 0.33\r\n\r\n",
    AUDIO, 481, 481 /* the tag in To names a call that is not there: §3.1.1.1 is written for a proxy */ },
  /* the same for a phone: no tag in To */
  { "wsinv, to a phone",
    "INVITE sip:vivekg@127.0.0.1:{D};unknownparam SIP/2.0\r\n"
    "TO :\r\n sip:vivekg@example.com ;   unknown    =\r\n  1918181833n\r\n"
    "from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8{N}\r\n"
    "MaX-fOrWaRdS: 0068\r\n"
    "i: wsinv{N}\r\n"
    "l   : {L}\r\n"
    "cseq: 0009\r\n  INVITE\r\n"
    "Via  : SIP  /   2.0\r\n /{T}\r\n    127.0.0.1:{P};branch=390skdjuw{N}\r\n"
    "s :\r\n"
    "UnknownHeaderWithUnusualValue: ;;,,;;,;\r\n"
    "c: application/sdp\r\n"
    "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
    " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"
    "m:\"Quoted string \\\"\\\"\" <sip:jdrosen@127.0.0.1:{P}> ; newparam =\r\n      newvalue ;\r\n"
    "  secondparam ; q = 0.33\r\n\r\n",
    AUDIO, RING, RING },
  /* every character a method may have: the library's parser knows fewer and drops it before any code of ours */
  { "intmeth",
    "!interesting-Method0123456789_*+`.%indeed'~"
    " sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@127.0.0.1:{D} SIP/2.0\r\n"
    VIA "To: \"BEL:\\\x07 NUL:\\\x01 DEL:\\\x7f\""
    " <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>\r\n"
    FROM ID "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\r\n" HOPS
    "extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb\r\n" TAIL,
    "", SILENCE, SILENCE },
  { "an unknown method of letters", "NEWMETHOD sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS
    "CSeq: 1 NEWMETHOD\r\n" TAIL, "", 501, 501 },
  { "esc01",
    "INVITE sip:sips%3Auser%40example.com@127.0.0.1:{D} SIP/2.0\r\n" VIA "To: sip:%75se%72@example.com\r\n"
    "From: <sip:I%20have%20spaces@example.net>;tag=f{N}\r\n" ID HOPS "CSeq: 234 INVITE\r\n"
    "C: application/sdp\r\nContact: <sip:cal%6Cer@127.0.0.1:{P};%6C%72;n%61me=v%61lue%25%34%31>\r\n" TAIL,
    SDP "m=audio 49217 RTP/AVP 0 12\r\na=rtpmap:31 LPC\r\n", RING, RING },
  { "escnull",
    "REGISTER sip:127.0.0.1:{D} SIP/2.0\r\nTo: sip:null-%00-null@example.com\r\n"
    "From: sip:null-%00-null@example.com;tag=f{N}\r\n" VIA ID HOPS
    "CSeq: 14398234 REGISTER\r\nContact: <sip:%00@127.0.0.1:{P}>\r\n"
    "Contact: <sip:%00%00@127.0.0.1:{P}>\r\nL:0\r\n\r\n", "", 405, 405 },
  { "a zero byte in the caller's name",
    "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA "From: <sip:null-%00-null@example.com>;tag=f{N}\r\n" TO ID HOPS
    CONTACT
    "CSeq: 1 INVITE\r\n" SDP_TAIL, AUDIO, RING, RING },
  { "esc02",
    "RE%47IST%45R sip:127.0.0.1:{D} SIP/2.0\r\n" VIA
    "To: \"%Z%45\" <sip:resource@example.com>\r\nFrom: \"%Z%45\" <sip:resource@example.com>;tag=f{N}\r\n"
    ID HOPS "CSeq: 29344 RE%47IST%45R\r\nContact: <sip:alias1@127.0.0.1:{P}>\r\n" TAIL, "", 501, 501 },
  { "lwsdisp",
    "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA
    "From: caller<sip:caller@example.com>;tag=323\r\nTo: sip:user@example.com\r\n" ID HOPS
    "CSeq: 60 OPTIONS\r\nl: 0\r\n\r\n", "", 200, 200 },
  { "dblreq",
    "REGISTER sip:127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS
    "CSeq: 8 REGISTER\r\nContact: <sip:j.user@127.0.0.1:{P}>\r\nContent-Length: 0\r\n\r\n"
    "INVITE sip:joe@127.0.0.1:{D} SIP/2.0\r\n", "", 405, 405 },
  { "semiuri",
    "OPTIONS sip:user;par=u%40example.net@127.0.0.1:{D} SIP/2.0\r\nTo: sip:j_user@example.com\r\n" FROM HOPS ID
    "CSeq: 8 OPTIONS\r\n" VIA
    "Accept: application/sdp, application/pkcs7-mime,\r\n        multipart/mixed, multipart/signed,\r\n"
    "        message/sip, message/sipfrag\r\nl: 0\r\n\r\n",
    "", 200, 200 },
  { "transports",
    "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0\r\n" FROM TO HOPS ID VIA
    "CSeq: 60 OPTIONS\r\nVia: SIP/2.0/SCTP s2.example.com;branch=b1\r\nVia: SIP/2.0/TLS t3.example.com;branch=b2\r\n"
    "Via: SIP/2.0/UNKNOWN t4.example.com;branch=b3\r\nVia: SIP/2.0/TCP t5.example.com;branch=b4\r\n" "l: 0\r\n\r\n",
    "", 200, 200 },
  { "mpart01",
    "MESSAGE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS "CSeq: 127 MESSAGE\r\n"
    "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655\r\n" TAIL,
    "--7a9cbec02ceef655\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nHello\r\n"
    "--7a9cbec02ceef655\r\n"
    "Content-Type: application/octet-stream\r\n\r\n\x30\x82\x01\r\n--7a9cbec02ceef655--\r\n", 405, 405 },
  { "mpart01, a call",
    "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT "CSeq: 127 INVITE\r\n"
    "Content-Type: multipart/mixed;boundary=\"7a9cbec02ceef655\"\r\n" TAIL,
    "--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\n\r\n\x30\x82\x01\r\n"
    "--7a9cbec02ceef655\r\nContent-Type: application/sdp\r\n\r\n"
    SDP "m=audio 49217 RTP/AVP 0\r\n\r\n--7a9cbec02ceef655--\r\n", RING, RING },
  { "badbranch", "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0\r\nVia: SIP/2.0/{T} 127.0.0.1:{P};branch=z9hG4bK\r\n" FROM TO
    ID HOPS
    "CSeq: 8 OPTIONS\r\nl: 0\r\n\r\n", "", 200, 200 },
  { "bext01", "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS
    "CSeq: 8 OPTIONS\r\nRequire: nothingSupportsThis, nothingSupportsThisEither\r\n"
    "Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis\r\n" TAIL,
    "", 420, 420 },
  { "unkscm", "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\r\n" VIA FROM TO ID HOPS
    "CSeq: 3923423 OPTIONS\r\n" TAIL, "", 416, 416 },
  { "novelsc", "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\r\n" VIA FROM TO ID HOPS "CSeq: 3923423 OPTIONS\r\n"
    TAIL, "", 416, 416 },
  { "unksm2",
    "REGISTER sip:127.0.0.1:{D} SIP/2.0\r\nTo: isbn:2983792873\r\n" "From: <http://www.example.com>;tag=f{N}\r\n" VIA
    ID HOPS
    "CSeq: 234902 REGISTER\r\nContact: <name:John_Smith>\r\nl:0\r\n\r\n", "", 405, 405 },
  { "unksm2, a call",
    "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\nTo: isbn:2983792873\r\n" "From: <http://www.example.com>;tag=f{N}\r\n"
    VIA ID HOPS CONTACT
    "CSeq: 2 INVITE\r\n" SDP_TAIL, AUDIO, RING, RING },
  { "invut", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT
    "CSeq: 8 INVITE\r\nContent-Type: application/unknownformat\r\n" TAIL,
    "<audio>\r\n <pcmu port=\"443\"/>\r\n</audio>\r\n", 415, 415 },
  { "regaut01", "REGISTER sip:127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT
    "CSeq: 9338 REGISTER\r\nAuthorization: NoOneKnowsThisScheme opaque-data=here\r\n" TAIL, "", 405, 405 },
  { "zeromf", "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID
    "Max-Forwards: 0\r\nCSeq: 39234321 OPTIONS\r\n" TAIL, "", 200, 200 },
  { "zeromf, a call", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID CONTACT
    "Max-Forwards: 0\r\nCSeq: 1 INVITE\r\n" SDP_TAIL, AUDIO, RING, RING },
  { "cparam01", "REGISTER sip:127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS
    "CSeq: 234 REGISTER\r\nContact: sip:+19725552222@127.0.0.1:{P};unknownparam\r\nl: 0\r\n\r\n", "", 405, 405 },
  { "sdp01", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT
    "CSeq: 1 INVITE\r\nAccept: text/nobodyKnowsThis\r\n" SDP_TAIL,
    AUDIO, 406, 406 },
  { "inv2543",
    "INVITE sip:UserB@127.0.0.1:{D} SIP/2.0\r\nVia: SIP/2.0/{T} 127.0.0.1:{P}\r\n"
    "From: <sip:caller{N}@example.com>\r\nTo: <sip:callee@example.net>\r\n" ID
    "CSeq: 10 INVITE\r\n" SDP_TAIL, AUDIO, RING, RING },
  { "an rtpmap without a clock rate, and an odd o= line",
    "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT "CSeq: 1 INVITE\r\n" SDP_TAIL,
    "v=0\r\no=\r\ns= \r\nc=IN IP4 192.0.2.4\r\nt=0 0\r\nm=audio 49217 RTP/AVP 96 0\r\na=rtpmap:96 LPC\r\n", RING, RING
    },
  { "values of one header in several and several in one",
    "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT
    "CSeq: 1 INVITE\r\nk: one, two\r\nSupported: three\r\n"
    "Supported:\r\nAllow: INVITE\r\nAllow: ACK,BYE , CANCEL\r\ne: identity\r\n" SDP_TAIL, AUDIO, RING, RING },
  { "handling=optional",
    "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT
    "CSeq: 1 INVITE\r\nContent-Type: application/unknown\r\n"
    "Content-Disposition: session;handling=optional\r\n" TAIL, "abc", RING, RING },
};

/* RFC 4475 §3.1.2, and what §3.3 wants refused. */
static const Case invalid[] = {
  /* where an answer has to go is in the very header that cannot be read: the library has nobody to answer to */
  { "badinv01", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" FROM TO ID
    "CSeq: 8 INVITE\r\nVia: SIP/2.0/{T} 127.0.0.1:{P};branch=z9hG4bK{N};;,;,,\r\n"
    "Contact: \"Joe\" <sip:joe@example.org>;;;;\r\n" SDP_TAIL, AUDIO, SILENCE, SILENCE },
  { "badinv01, in Contact alone", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS
    "CSeq: 8 INVITE\r\nContact: \"Joe\" <sip:joe@example.org>;;;;\r\n" SDP_TAIL,
    AUDIO, 400, 400 },
  /* by TCP the rest of the body is waited for */
  { "clerr", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT
    "CSeq: 8 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: 9999\r\n\r\n",
    AUDIO, 400, SILENCE },
  { "ncl", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT
    "CSeq: 8 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: -999\r\n\r\n",
    AUDIO, 400, 400 },
  { "scalar02", "REGISTER sip:127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID
    "CSeq: 36893488147419103232 REGISTER\r\nMax-Forwards: 300\r\nExpires: 1000000000000000000000000000000000\r\n"
    "Contact: <sip:user@127.0.0.1:{P}>\r\n  ;expires=280297596632815\r\n" TAIL, "", 400, 400 },
  { "quotbal", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\nTo: \"Mr. J. User <sip:j.user@example.com>\r\n" VIA FROM ID
    HOPS CONTACT "CSeq: 8 INVITE\r\n" SDP_TAIL,
    AUDIO, 400, 400 },
  { "ltgtruri", "INVITE <sip:user@127.0.0.1:{D}> SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT "CSeq: 1 INVITE\r\n"
    SDP_TAIL, AUDIO, 400, 400 },
  /* no request to the library: it cannot tell where the address ends, and drops it before any code of ours */
  { "lwsruri", "INVITE sip:user@127.0.0.1:{D}; lr SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT "CSeq: 1 INVITE\r\n"
    SDP_TAIL, AUDIO, SILENCE, SILENCE },
  /* leniently: the blanks do not hide what is meant (§3.1.2.9 and §3.1.2.10 allow it) */
  { "lwsstart", "INVITE  sip:user@127.0.0.1:{D}  SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT "CSeq: 1 INVITE\r\n"
    SDP_TAIL, AUDIO, RING, RING },
  { "trws", "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0  \r\n" VIA FROM TO ID HOPS "CSeq: 1 OPTIONS\r\n" TAIL, "", 200,
    200 },
  { "escruri", "INVITE sip:user@127.0.0.1:{D}?Route=%3Csip:example.com%3E SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT
    "CSeq: 1 INVITE\r\n" SDP_TAIL,
    AUDIO, RING, RING },
  /* leniently: a date is nothing a call depends on (§3.1.2.12) */
  { "baddate", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS CONTACT
    "CSeq: 1 INVITE\r\nDate: Fri, 01 Jan 2010 16:00:00 EST\r\n" SDP_TAIL,
    AUDIO, RING, RING },
  { "regbadct", "REGISTER sip:127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS
    "CSeq: 1 REGISTER\r\nContact: sip:user@127.0.0.1:{P}?Route=%3Csip:sip.example.com%3E\r\n" TAIL,
    "", 400, 400 },
  /* leniently: blanks inside the brackets are passed over (§3.1.2.14 allows it) */
  { "badaspec", "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA
    "From: \"Bell, Alexander\" <sip:a.g.bell@example.com>;tag=43\r\n"
    "To: \"Watson, Thomas\" < sip:t.watson@example.org >\r\n" ID HOPS "CSeq: 1 OPTIONS\r\n" TAIL, "", 200, 200 },
  { "baddn", "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA
    "From:    Bell, Alexander <sip:a.g.bell@example.com>;tag=43\r\n"
    "To:      Watson, Thomas <sip:t.watson@example.org>\r\n" ID HOPS "CSeq: 1 OPTIONS\r\n" TAIL, "", 400, 400 },
  /* a datagram is not answered: anybody could name anybody in its Via, and the 505 would go there */
  { "badvers", "OPTIONS sip:user@127.0.0.1:{D} SIP/7.0\r\nVia: SIP/7.0/{T} 127.0.0.1:{P};branch=z9hG4bK{N}\r\n" FROM
    TO ID HOPS "CSeq: 1 OPTIONS\r\n" TAIL,
    "", SILENCE, 505 },
  { "mismatch01", "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS "CSeq: 8 INVITE\r\n" TAIL, "", 400,
    400 },
  { "mismatch02", "NEWMETHOD sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS "CSeq: 8 INVITE\r\n" TAIL, "",
    400, 400 },
  { "insuf", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\nCSeq: 193942 INVITE\r\n" VIA SDP_TAIL, AUDIO, 400, 400 },
  { "multi01", "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA "CSeq: 5 INVITE\r\nCall-ID: one{N}\r\n" FROM TO HOPS
    "CSeq: 59 INVITE\r\nCall-ID: two{N}\r\n"
    "From: <sip:other@example.net>;tag=2\r\nTo: <sip:other@example.net>\r\n" CONTACT SDP_TAIL, AUDIO, 400, 400 },
  { "mcl01", "OPTIONS sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS
    "CSeq: 59 OPTIONS\r\nContent-Length: 13\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\n",
    "There's no way to know how many octets are supposed to be here.\r\n", 400, 400 },
};

/* Responses: what is wrong with one is nobody's business but ours. */
static const Case responses[] = {
  { "unreason", "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe \xd1\x81\xd1\x82\xd0\xbe\r\n"
    "Via: SIP/2.0/{T} 127.0.0.1:{D};branch=z9hG4bK{N}\r\n" FROM
    "To: <sip:user@example.com>;tag=2\r\n" ID "CSeq: 35 INVITE\r\n" CONTACT TAIL, "", SILENCE, SILENCE },
  { "noreason", "SIP/2.0 100 \r\nVia: SIP/2.0/{T} 127.0.0.1:{D};branch=z9hG4bK{N}\r\n" FROM TO ID
    "CSeq: 35 INVITE\r\n" TAIL, "", SILENCE, SILENCE },
  { "scalarlg", "SIP/2.0 503 Service Unavailable\r\nVia: SIP/2.0/{T} 127.0.0.1:{D};branch=z9hG4bK{N}\r\n" FROM TO ID
    "CSeq: 9292394834772304023312 OPTIONS\r\nRetry-After: 949302838503028349304023988\r\n" TAIL, "", SILENCE, SILENCE },
  { "bigcode", "SIP/2.0 4294967301 better not break the receiver\r\n"
    "Via: SIP/2.0/{T} 127.0.0.1:{D};branch=z9hG4bK{N}\r\n" FROM TO ID "CSeq: 35 INVITE\r\n" TAIL,
    "", SILENCE, SILENCE },
  { "bcast", "SIP/2.0 200 OK\r\nVia: SIP/2.0/{T} 192.0.2.198;branch=z9hG4bK1\r\n"
    "Via: SIP/2.0/{T} 255.255.255.255;branch=z9hG4bK{N}\r\n" FROM
    "To: <sip:user@example.com>;tag=2\r\n" ID "CSeq: 35 INVITE\r\n" CONTACT TAIL, "", SILENCE, SILENCE },
};

typedef struct {
  RigPhone *phone;
  RigPeer  *peer;
} Torture;

static char *
fill_in (Torture    *t,
         const Case *c,
         gboolean    tcp)
{
  static guint n = 100000;
  GString *out = g_string_new (c->head);
  g_autofree char *peer_port = g_strdup_printf ("%u", t->peer->port);
  g_autofree char *port = g_strdup_printf ("%u", rig_phone_get_port (t->phone));
  g_autofree char *number = g_strdup_printf ("%u", n++);
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, strlen (c->body));

  g_string_replace (out, "{T}", tcp ? "TCP" : "UDP", 0);
  g_string_replace (out, "{P}", peer_port, 0);
  g_string_replace (out, "{D}", port, 0);
  g_string_replace (out, "{N}", number, 0);
  g_string_replace (out, "{L}", length, 0);
  g_string_append (out, c->body);

  return g_string_free (out, FALSE);
}

/* The status of the first answer but 100, 0 after a while without one. */
static guint
take_answer (Torture    *t,
             const char *text)
{
  gint64 until = g_get_monotonic_time () + 150 * 1000;
  guint status = 0;

  while (status == 0 && g_get_monotonic_time () < until)
    {
      rig_run_for (5);
      while (status == 0 && rig_peer_has (t->peer, "SIP/2.0 "))
        {
          g_autoptr (RigMessage) answer = rig_peer_wait (t->peer, "SIP/2.0 ");
          g_autofree char *call_id = rig_message_dup_header (answer, "Call-ID");
          guint got = (guint) g_ascii_strtoull (answer->text + 8, NULL, 10);

          /* One that is late belongs to the message before. */
          if (got != 100 && (!call_id || strstr (text, call_id)))
            status = got;
        }
      if (rig_phone_count (t->phone, PHONE_EVENT_INCOMING) > rig_phone_count (t->phone, PHONE_EVENT_TERMINATED))
        return RING;
    }

  return status;
}

static void
expect_alive (Torture *t)
{
  static const Case options = { "alive", "OPTIONS sip:x@127.0.0.1:{D} SIP/2.0\r\n" VIA FROM TO ID HOPS
    "CSeq: 1 OPTIONS\r\n" TAIL, "", 200, 200 };
  g_autofree char *text = fill_in (t, &options, FALSE);
  g_autoptr (RigMessage) ok = NULL;

  rig_peer_send (t->peer, rig_phone_get_port (t->phone), text);
  ok = rig_peer_wait (t->peer, "SIP/2.0 200");
}

/* Refuses what rings. */
static void
refuse (Torture *t)
{
  guint call = rig_phone_wait (t->phone, PHONE_EVENT_INCOMING)->call;
  g_autoptr (RigMessage) busy = NULL;

  phone_signaling_reject (t->phone->signaling, call, 486);
  busy = rig_peer_wait (t->peer, "SIP/2.0 486");
  rig_phone_wait (t->phone, PHONE_EVENT_TERMINATED);
}

static gboolean
has_no_handles (gpointer data)
{
  RigPhone *phone = data;

  return phone_sip_signaling_get_n_handles (PHONE_SIP_SIGNALING (phone->signaling)) == 0;
}

static void
play (const Case *cases,
      guint       n_cases)
{
  for (guint tcp = 0; tcp < 2; tcp++)
    {
      Torture t = { rig_phone_new ("127.0.0.1", NULL), rig_peer_new ("127.0.0.1") };

      for (guint i = 0; i < n_cases; i++)
        {
          g_autofree char *text = fill_in (&t, &cases[i], tcp);
          guint wanted = tcp ? cases[i].tcp : cases[i].udp;
          guint got;

          g_test_message ("%s by %s", cases[i].label, tcp ? "TCP" : "UDP");
          g_queue_clear_full (&t.peer->inbox, (GDestroyNotify) rig_message_free);
          if (tcp)
            rig_peer_connect (t.peer, rig_phone_get_port (t.phone));
          if (tcp)
            rig_peer_send_stream (t.peer, text);
          else
            rig_peer_send (t.peer, rig_phone_get_port (t.phone), text);
          got = take_answer (&t, text);
          if (got != wanted)
            {
              g_test_message ("%s by %s: %u instead of %u", cases[i].label, tcp ? "TCP" : "UDP", got, wanted);
              g_test_fail ();
            }
          if (got == RING)
            refuse (&t);
          expect_alive (&t);
        }
      rig_phone_settle (t.phone);
      rig_run_until (has_no_handles, t.phone, "the end of all handles");
      rig_phone_free (t.phone);
      rig_peer_free (t.peer);
    }
}

static void
test_valid (void)
{
  play (valid, G_N_ELEMENTS (valid));
}

static void
test_invalid (void)
{
  play (invalid, G_N_ELEMENTS (invalid));
}

static void
test_responses (void)
{
  play (responses, G_N_ELEMENTS (responses));
}

/* longreq: names, parameters and headers of hundreds of bytes. */
static void
test_long (void)
{
  g_autofree char *word = g_strnfill (200, 'x');
  g_autofree char *many = NULL;
  g_autoptr (GString) vias = g_string_new (NULL);
  g_autofree char *head = NULL;
  Case c = { "longreq", NULL, AUDIO, RING, RING };

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (vias, "Via: SIP/2.0/UDP sip%u.example.com;branch=z9hG4bK%s%u\r\n", i, word, i);
  many = g_strconcat (word, word, word, word, NULL);
  head = g_strconcat ("INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\n" VIA, vias->str, "From: \"", many, "\" <sip:", word,
    "@example.net;u=", many,
                      ">;tag=f{N}\r\nTo: \"I have a ", many, "\" <sip:user@example.com:6000;unknownparam1=", word,
                      ">\r\nCall-ID: long{N}", word, "\r\n" HOPS CONTACT "CSeq: 3882340 INVITE\r\nUnknown-", word,
                      ": ", many,
                      "\r\n" SDP_TAIL, NULL);
  c.head = head;
  play (&c, 1);
}

/* The same request over two ways (RFC 3261 §8.2.2.2): the second gets 482. A request with our own Via on top: a loop. */
static void
test_merged (void)
{
  Torture t = { rig_phone_new ("127.0.0.1", NULL), rig_peer_new ("127.0.0.1") };
  static const Case invite = { "merged",
    "INVITE sip:user@127.0.0.1:{D} SIP/2.0\r\nVia: SIP/2.0/{T} 127.0.0.1:{P};branch=z9hG4bK{N}\r\n"
                               "From: <sip:a@example.net>;tag=same\r\nTo: <sip:user@example.com>\r\nCall-ID: merged\r\n"
                               HOPS CONTACT
                               "CSeq: 1 INVITE\r\n" SDP_TAIL, AUDIO, RING, RING };
  g_autofree char *first = fill_in (&t, &invite, FALSE);
  g_autofree char *second = fill_in (&t, &invite, FALSE);
  g_autoptr (RigMessage) loop = NULL;

  rig_peer_send (t.peer, rig_phone_get_port (t.phone), first);
  g_assert_cmpuint (take_answer (&t, first), ==, RING);
  rig_peer_send (t.peer, rig_phone_get_port (t.phone), second);
  loop = rig_peer_wait (t.peer, "SIP/2.0 482");
  g_assert_cmpuint (rig_phone_count (t.phone, PHONE_EVENT_INCOMING), ==, 1);
  refuse (&t);
  expect_alive (&t);
  rig_phone_free (t.phone);
  rig_peer_free (t.peer);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/torture/valid", test_valid);
  g_test_add_func ("/sip/torture/invalid", test_invalid);
  g_test_add_func ("/sip/torture/responses", test_responses);
  g_test_add_func ("/sip/torture/long", test_long);
  g_test_add_func ("/sip/torture/merged", test_merged);

  return g_test_run ();
}
