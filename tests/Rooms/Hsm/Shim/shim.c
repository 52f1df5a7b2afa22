/*
 * A PKCS#11 module that passes everything on to another one, except what its plan tells it to spoil. For tests.
 *
 * The plan is a text file beside the shim, NAME.so.plan; a line is
 *     FUNCTION WHAT VALUE TIMES
 * with the function's number in CK_FUNCTION_LIST (PKCS#11 2.40, 3.6). TIMES of -1 is for ever. WHAT is
 *     answer    give CK_RV VALUE instead of calling
 *     slow      wait VALUE milliseconds, then call
 *     garble    C_Sign: flip a bit of the signature
 *     swap      C_SignInit: use the key with handle VALUE
 *     flag      C_GetTokenInfo: set the flags VALUE
 *     move      slots: add VALUE to every slot's number
 *     relabel   C_GetTokenInfo: show the token of slot VALUE under the label "Shimmed", every other of it not
 * Each call is noted in NAME.so.calls, one line with its number.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long word;
typedef unsigned char byte;
typedef word (*call)(word, word, word, word, word, word, word, word);

enum { Functions = 68, Lines = 16, PathMax = 4096, AlreadyInitialized = 0x191, SlotIdInvalid = 3 };
enum { Initialize = 0, Finalize = 1, GetSlotList = 4, GetSlotInfo = 5, GetTokenInfo = 6, GetMechanismList = 7, GetMechanismInfo = 8,
       OpenSession = 12, CloseSession = 13, CloseAllSessions = 14, Login = 18, FindObjectsInit = 26, SignInit = 42,
       Sign = 43 };

struct list { byte major, minor; call at[Functions]; };
struct line { int function; char what[16]; word value; int times; };

static struct list ours, *real;
static struct line plan[Lines];
static char plan_text[1024], plan_path[PathMax], calls_path[PathMax];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

/* Read before each call; its counts begin again only when it was written anew. */
static void read_plan(void)
{
    char text[sizeof plan_text] = "";
    FILE *file = fopen(plan_path, "r");
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = 0;
        fclose(file);
    }
    if (!strcmp(text, plan_text))
        return;
    strcpy(plan_text, text);
    memset(plan, 0, sizeof plan);
    int n = 0;
    for (char *rest = text, *one; n < Lines && (one = strtok_r(rest, "\n", &rest));)
        if (sscanf(one, "%d %15s %li %d", &plan[n].function, plan[n].what, (long *)&plan[n].value, &plan[n].times) == 4)
            n++;
}

/* True when the plan says this of the function now; that uses up one time. */
static int planned(int function, const char *what, word *value)
{
    int found = 0;
    pthread_mutex_lock(&gate);
    read_plan();
    for (int i = 0; i < Lines && !found; i++) {
        if (plan[i].times == 0 || plan[i].function != function || strcmp(plan[i].what, what))
            continue;
        if (plan[i].times > 0)
            plan[i].times--;
        *value = plan[i].value;
        found = 1;
    }
    pthread_mutex_unlock(&gate);
    return found;
}

static void note(int function)
{
    FILE *file = fopen(calls_path, "a");
    if (!file)
        return;
    fprintf(file, "%d\n", function);
    fclose(file);
}

static word moved(void)
{
    word by = 0;
    planned(GetSlotList, "move", &by);
    return by;
}

static int takes_slot(int function)
{
    return (function >= GetSlotInfo && function <= GetMechanismInfo) || function == OpenSession
        || function == CloseAllSessions;
}

static void relabel(byte *info, word slot, word shown)
{
    static const byte label[32] = "Shimmed                         ";
    static const byte other[32] = "moved away                      ";
    if (slot == shown)
        memcpy(info, label, 32);
    else if (!memcmp(info, label, 32))
        memcpy(info, other, 32);
}

static word pass(int function, word a, word b, word c, word d, word e, word f, word g, word h)
{
    word value = 0, answer;
    if (function == Finalize || function == SignInit || function == Sign || function == Login || function == OpenSession)
        note(function);
    if (planned(function, "slow", &value))
        usleep(value * 1000);
    if (planned(function, "answer", &value))
        return value;
    if (function == Finalize)        /* Others in this process go on using the real one. */
        return 0;
    if (takes_slot(function)) {
        if (a < moved())
            return SlotIdInvalid;
        a -= moved();
    }
    if (function == SignInit && planned(function, "swap", &value))
        c = value;
    answer = real->at[function](a, b, c, d, e, f, g, h);
    if (function == Initialize && answer == AlreadyInitialized)
        return 0;
    if (answer)
        return answer;
    if (function == Sign && d && planned(function, "garble", &value))
        ((byte *)d)[7] ^= 1;
    if (function == GetSlotList && b)
        for (word i = 0; i < *(word *)c; i++)
            ((word *)b)[i] += moved();
    if (function == GetTokenInfo && planned(function, "relabel", &value))
        relabel((byte *)b, a, value);
    if (function == GetTokenInfo && planned(function, "flag", &value))
        *(word *)((byte *)b + 96) |= value;        /* After label, manufacturer, model and serial number. */
    return 0;
}

#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) \
    X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32) X(33) X(34) X(35) X(36) X(37) \
    X(38) X(39) X(40) X(41) X(42) X(43) X(44) X(45) X(46) X(47) X(48) X(49) X(50) X(51) X(52) X(53) X(54) X(55) X(56) \
    X(57) X(58) X(59) X(60) X(61) X(62) X(63) X(64) X(65) X(66) X(67)
#define DEFINE(n) static word f##n(word a, word b, word c, word d, word e, word f, word g, word h) \
    { return pass(n, a, b, c, d, e, f, g, h); }
#define NAME(n) f##n,

EACH(DEFINE)

word C_GetFunctionList(struct list **list)
{
    static const call all[Functions] = { EACH(NAME) };
    Dl_info self;
    void *module = dlopen(SHIM_MODULE, RTLD_NOW);
    word (*get)(struct list **) = module ? (word (*)(struct list **))dlsym(module, "C_GetFunctionList") : NULL;
    if (!get || get(&real) || !dladdr((void *)C_GetFunctionList, &self))
        return 5;
    snprintf(plan_path, sizeof plan_path, "%s.plan", self.dli_fname);
    snprintf(calls_path, sizeof calls_path, "%s.calls", self.dli_fname);
    ours.major = real->major;
    ours.minor = real->minor;
    memcpy(ours.at, all, sizeof all);
    *list = &ours;
    return 0;
}
