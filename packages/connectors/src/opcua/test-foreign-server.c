// An OPC UA server of another stack (open62541, MPL-2.0, Debian's library) for tests: what the library that connects does not do by itself.
// Arguments: port, limit (nodes and items a call, 0 = none), variables beside the odd ones, life of a channel (ms), 1 for a small server (one subscription of
// five items, no archive, a node whose number it chose itself), then for security a certificate and its key (DER),
// then an authority and its revocation list (DER): clients are trusted by these alone, else all are.
// Standard input, a line each: `set NAME NUMBER`, `status NAME HEXCODE`, `delete NAME`, `busy` (the plain variables change all the time); it ends with its input. Standard output: `ready`.
#include <open62541/plugin/accesscontrol_default.h>
#include <open62541/plugin/historydata/history_data_backend_memory.h>
#include <open62541/plugin/historydata/history_data_gathering_default.h>
#include <open62541/plugin/historydata/history_database_default.h>
#include <open62541/plugin/log_stdout.h>
#include <open62541/plugin/pki_default.h>
#include <open62541/server.h>
#include <open62541/server_config_default.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct { UA_Float x; UA_Float y; } Point;
typedef struct { UA_Int16 count; UA_String name; size_t pointsSize; Point *points; } Path;
typedef struct { UA_Int16 always; UA_Double *sometimes; } Optional;

// Structures as they are made by hand: with a definition, without nodes for their encodings.
static UA_DataType types[3];
static UA_DataTypeMember pointMembers[2], pathMembers[3], optionalMembers[2];

static UA_UInt16 own;
static UA_Server *server;
static UA_HistoryDataGathering gathering;
static UA_HistoryDataBackend backend;

static void makeTypes(void) {
    pointMembers[0] = (UA_DataTypeMember){"x", &UA_TYPES[UA_TYPES_FLOAT], 0, false, false};
    pointMembers[1] = (UA_DataTypeMember){"y", &UA_TYPES[UA_TYPES_FLOAT], offsetof(Point, y) - sizeof(UA_Float), false, false};
    types[0] = (UA_DataType){"Point", UA_NODEID_NUMERIC(own, 4242), UA_NODEID_NUMERIC(own, 5242), sizeof(Point), UA_DATATYPEKIND_STRUCTURE, true,
        false, 2, pointMembers};
    pathMembers[0] = (UA_DataTypeMember){"Number of", &UA_TYPES[UA_TYPES_INT16], 0, false, false};
    pathMembers[1] = (UA_DataTypeMember){"Name", &UA_TYPES[UA_TYPES_STRING], offsetof(Path, name) - sizeof(UA_Int16), false, false};
    pathMembers[2] = (UA_DataTypeMember){"Points", &types[0], offsetof(Path, pointsSize) - offsetof(Path, name) - sizeof(UA_String), true, false};
    types[1] = (UA_DataType){"Path", UA_NODEID_NUMERIC(own, 4243), UA_NODEID_NUMERIC(own, 5243), sizeof(Path), UA_DATATYPEKIND_STRUCTURE, false,
        false, 3, pathMembers};
    optionalMembers[0] = (UA_DataTypeMember){"Always", &UA_TYPES[UA_TYPES_INT16], 0, false, false};
    optionalMembers[1] = (UA_DataTypeMember){"Sometimes", &UA_TYPES[UA_TYPES_DOUBLE], offsetof(Optional, sometimes) - sizeof(UA_Int16), false,
        true};
    types[2] = (UA_DataType){"Optional", UA_NODEID_NUMERIC(own, 4244), UA_NODEID_NUMERIC(own, 5244), sizeof(Optional), UA_DATATYPEKIND_OPTSTRUCT,
        false, false, 2, optionalMembers};
}

static void addType(const UA_DataType *type, char *name) {
    UA_DataTypeAttributes attributes = UA_DataTypeAttributes_default;
    attributes.displayName = UA_LOCALIZEDTEXT("", name);
    UA_Server_addDataTypeNode(server, type->typeId, UA_NODEID_NUMERIC(0, UA_NS0ID_STRUCTURE), UA_NODEID_NUMERIC(0, UA_NS0ID_HASSUBTYPE),
        UA_QUALIFIEDNAME(own, name), attributes, NULL, NULL);
}

static UA_NodeId plant;

static UA_NodeId addIn(UA_NodeId parent, UA_NodeId id, char *name, void *value, size_t length, const UA_DataType *type) {
    UA_VariableAttributes attributes = UA_VariableAttributes_default;
    attributes.displayName = UA_LOCALIZEDTEXT("", name);
    attributes.dataType = type->typeId;
    attributes.accessLevel = UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_WRITE;
    attributes.valueRank = length == 0 ? UA_VALUERANK_SCALAR : UA_VALUERANK_ONE_DIMENSION;
    UA_UInt32 dimensions[1] = {(UA_UInt32)length};
    if(length == 0) UA_Variant_setScalar(&attributes.value, value, type);
    else { UA_Variant_setArray(&attributes.value, value, length,
        type); attributes.arrayDimensions = dimensions; attributes.arrayDimensionsSize = 1; }
    UA_NodeId made;
    UA_StatusCode code = UA_Server_addVariableNode(server, id, parent, UA_NODEID_NUMERIC(0, UA_NS0ID_HASCOMPONENT), UA_QUALIFIEDNAME(own, name),
        UA_NODEID_NUMERIC(0, UA_NS0ID_BASEDATAVARIABLETYPE), attributes, NULL, &made);
    if(code != UA_STATUSCODE_GOOD) fprintf(stderr, "%s: %s\n", name, UA_StatusCode_name(code));
    return made;
}

static UA_NodeId add(UA_NodeId id, char *name, void *value, size_t length, const UA_DataType *type) { return addIn(plant, id, name, value,
    length, type); }

// Another value each time it is sampled, which is every 20 ms.
static UA_StatusCode readBusy(UA_Server *s, const UA_NodeId *sid, void *sc, const UA_NodeId *id, void *context, UA_Boolean source,
    const UA_NumericRange *range, UA_DataValue *value) {
    static UA_Double now = 0;
    now += 0.25;
    UA_Variant_setScalarCopy(&value->value, &now, &UA_TYPES[UA_TYPES_DOUBLE]);
    value->hasValue = value->hasSourceTimestamp = true;
    value->sourceTimestamp = UA_DateTime_now();
    return UA_STATUSCODE_GOOD;
}

static UA_StatusCode readBare(UA_Server *s, const UA_NodeId *sid, void *sc, const UA_NodeId *id, void *context, UA_Boolean source,
    const UA_NumericRange *range, UA_DataValue *value) {
    UA_Double now = 7.5;
    UA_Variant_setScalarCopy(&value->value, &now, &UA_TYPES[UA_TYPES_DOUBLE]);
    value->hasValue = true;
    return UA_STATUSCODE_GOOD;
}

static UA_StatusCode doubled(UA_Server *s, const UA_NodeId *sid, void *sc, const UA_NodeId *method, void *mc, const UA_NodeId *object, void *oc,
    size_t inputs, const UA_Variant *input, size_t outputs, UA_Variant *output) {
    UA_Double twice = 2 * *(UA_Double *)input->data;
    return UA_Variant_setScalarCopy(output, &twice, &UA_TYPES[UA_TYPES_DOUBLE]);
}

static void addMethod(void) {
    UA_Argument in, out;
    UA_Argument_init(&in); UA_Argument_init(&out);
    in.name = UA_STRING("x"); in.dataType = UA_TYPES[UA_TYPES_DOUBLE].typeId; in.valueRank = UA_VALUERANK_SCALAR;
    out = in; out.name = UA_STRING("twice");
    UA_MethodAttributes attributes = UA_MethodAttributes_default;
    attributes.executable = attributes.userExecutable = true;
    attributes.displayName = UA_LOCALIZEDTEXT("", "Double");
    UA_Server_addMethodNode(server, UA_NODEID_STRING(own, "Double"), plant, UA_NODEID_NUMERIC(0, UA_NS0ID_HASCOMPONENT), UA_QUALIFIEDNAME(own,
        "Double"), attributes, &doubled, 1, &in, 1, &out, NULL, NULL);
}

static void addHistory(void) {
    UA_Double value = 1;
    UA_NodeId id = add(UA_NODEID_STRING(own, "kept"), "kept", &value, 0, &UA_TYPES[UA_TYPES_DOUBLE]);
    UA_Server_writeAccessLevel(server, id, UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_WRITE | UA_ACCESSLEVELMASK_HISTORYREAD);
    UA_Server_writeHistorizing(server, id, true);
    UA_HistorizingNodeIdSettings setting = {backend, 100, UA_HISTORIZINGUPDATESTRATEGY_VALUESET, 0, NULL};
    gathering.registerNodeId(server, gathering.context, &id, setting);
    for(int n = 0; n < 250; n++) {
        UA_DataValue past;
        UA_DataValue_init(&past);
        UA_Double at = n;
        UA_Variant_setScalar(&past.value, &at, &UA_TYPES[UA_TYPES_DOUBLE]);
        past.hasValue = past.hasSourceTimestamp = past.hasServerTimestamp = true;
        past.sourceTimestamp = past.serverTimestamp = UA_DateTime_fromUnixTime(1700000000) + n * UA_DATETIME_SEC;
        backend.serverSetHistoryData(server, backend.context, NULL, NULL, &id, true, &past);
    }
}

static void addOdd(void) {
    UA_Double d = 1.5; UA_Float f = 2.5f; UA_Int64 big = -5000000000; UA_UInt64 large = 18000000000000000000ULL; UA_SByte small = -7;
        UA_UInt16 word = 65535;
    UA_Boolean yes = true; UA_String text = UA_STRING("Größe 温度"); UA_String none = UA_STRING_NULL;
        UA_DateTime time = UA_DateTime_fromUnixTime(1700000000);
    UA_LocalizedText local = UA_LOCALIZEDTEXT("de", "läuft"); UA_QualifiedName qualified = UA_QUALIFIEDNAME(own,
        "q"); UA_StatusCode code = UA_STATUSCODE_BADOUTOFRANGE;
    UA_ByteString bytes = UA_BYTESTRING("\x01\xff"); UA_NodeId node = UA_NODEID_STRING(own, "x"); UA_Guid guid = {0x12345678, 0x1234, 0x5678, {1,
        2, 3, 4, 5, 6, 7, 8}};
    add(UA_NODEID_STRING(own, "double"), "double", &d, 0, &UA_TYPES[UA_TYPES_DOUBLE]);
    add(UA_NODEID_NUMERIC(own, 4294967295u), "float", &f, 0, &UA_TYPES[UA_TYPES_FLOAT]);
    add(UA_NODEID_GUID(own, guid), "int64", &big, 0, &UA_TYPES[UA_TYPES_INT64]);
    add(UA_NODEID_BYTESTRING(own, "\x01\x02\x80"), "uint64", &large, 0, &UA_TYPES[UA_TYPES_UINT64]);
    add(UA_NODEID_STRING(own, "\"DB 1\".\"Wert;%#/[0]\""), "sbyte", &small, 0, &UA_TYPES[UA_TYPES_SBYTE]);
    add(UA_NODEID_STRING(own, "Kanal=1;ns=2;s=温度 \t\""), "uint16", &word, 0, &UA_TYPES[UA_TYPES_UINT16]);
    add(UA_NODEID_STRING(own, " "), "boolean", &yes, 0, &UA_TYPES[UA_TYPES_BOOLEAN]);
    add(UA_NODEID_STRING(own, "text"), "text", &text, 0, &UA_TYPES[UA_TYPES_STRING]);
    add(UA_NODEID_STRING(own, "nulltext"), "nulltext", &none, 0, &UA_TYPES[UA_TYPES_STRING]);
    add(UA_NODEID_STRING(own, "time"), "time", &time, 0, &UA_TYPES[UA_TYPES_DATETIME]);
    add(UA_NODEID_STRING(own, "local"), "local", &local, 0, &UA_TYPES[UA_TYPES_LOCALIZEDTEXT]);
    add(UA_NODEID_STRING(own, "qualified"), "qualified", &qualified, 0, &UA_TYPES[UA_TYPES_QUALIFIEDNAME]);
    add(UA_NODEID_STRING(own, "code"), "code", &code, 0, &UA_TYPES[UA_TYPES_STATUSCODE]);
    add(UA_NODEID_STRING(own, "bytes"), "bytes", &bytes, 0, &UA_TYPES[UA_TYPES_BYTESTRING]);
    add(UA_NODEID_STRING(own, "node"), "node", &node, 0, &UA_TYPES[UA_TYPES_NODEID]);
    UA_LocalizedText texts[2] = {UA_LOCALIZEDTEXT("de", "auf"), UA_LOCALIZEDTEXT("de", "zu")};
    add(UA_NODEID_STRING(own, "texts"), "texts", texts, 2, &UA_TYPES[UA_TYPES_LOCALIZEDTEXT]);
    UA_Byte curve[300] = {0};
    add(UA_NODEID_STRING(own, "curve"), "curve", curve, 300, &UA_TYPES[UA_TYPES_BYTE]);
    Point points[2] = {{1, 2}, {3, 4}};
    Path path = {2, UA_STRING("Weg"), 2, points};
    Optional optional = {9, NULL};
    add(UA_NODEID_STRING(own, "point"), "point", &points[1], 0, &types[0]);
    add(UA_NODEID_STRING(own, "path"), "path", &path, 0, &types[1]);
    add(UA_NODEID_STRING(own, "optional"), "optional", &optional, 0, &types[2]);
    // a source that gives no time and no status
    UA_VariableAttributes attributes = UA_VariableAttributes_default;
    attributes.displayName = UA_LOCALIZEDTEXT("", "bare");
    attributes.dataType = UA_TYPES[UA_TYPES_DOUBLE].typeId;
    attributes.valueRank = UA_VALUERANK_SCALAR;
    attributes.accessLevel = UA_ACCESSLEVELMASK_READ;
    UA_DataSource source = {readBare, NULL};
    UA_Server_addDataSourceVariableNode(server, UA_NODEID_STRING(own, "bare"), plant, UA_NODEID_NUMERIC(0, UA_NS0ID_HASCOMPONENT),
        UA_QUALIFIEDNAME(own, "bare"), UA_NODEID_NUMERIC(0, UA_NS0ID_BASEDATAVARIABLETYPE), attributes, source, NULL, NULL);
}

static int plain;

static void makeBusy(void) {
    UA_DataSource source = {readBusy, NULL};
    for(int n = 0; n < plain; n++) {
        char name[20];
        sprintf(name, "p%d", n);
        UA_Server_setVariableNode_dataSource(server, UA_NODEID_STRING(own, name), source);
    }
}

static void obey(char *line) {
    char name[200], rest[200] = "";
    if(sscanf(line, "set %199s %199s", name, rest) == 2) {
        UA_Double value = atof(rest);
        UA_DataValue now;
        UA_DataValue_init(&now);
        UA_Variant_setScalar(&now.value, &value, &UA_TYPES[UA_TYPES_DOUBLE]);
        now.hasValue = now.hasSourceTimestamp = true;
        now.sourceTimestamp = UA_DateTime_now();
        UA_Server_writeDataValue(server, UA_NODEID_STRING(own, name), now);
    } else if(sscanf(line, "status %199s %199s", name, rest) == 2) {
        UA_DataValue now;
        UA_DataValue_init(&now);
        now.hasStatus = now.hasSourceTimestamp = true;
        now.status = (UA_StatusCode)strtoul(rest, NULL, 16);
        now.sourceTimestamp = UA_DateTime_now();
        UA_Server_writeDataValue(server, UA_NODEID_STRING(own, name), now);
    } else if(strcmp(line, "busy") == 0) makeBusy();
    else if(sscanf(line, "delete %199s", name) == 1) UA_Server_deleteNode(server, UA_NODEID_STRING(own, name), true);
}

static UA_ByteString load(const char *path) {
    UA_ByteString bytes = UA_BYTESTRING_NULL;
    FILE *file = fopen(path, "rb");
    if(file == NULL) exit(2);
    fseek(file, 0, SEEK_END);
    UA_ByteString_allocBuffer(&bytes, (size_t)ftell(file));
    rewind(file);
    if(fread(bytes.data, 1, bytes.length, file) != bytes.length) exit(2);
    fclose(file);
    return bytes;
}

int main(int count, char **given) {
    UA_UInt16 port = (UA_UInt16)atoi(given[1]);
    UA_UInt32 limit = (UA_UInt32)atoi(given[2]);
    plain = atoi(given[3]);
    bool isSmall = atoi(given[5]) == 1;
    UA_ServerConfig config;
    memset(&config, 0, sizeof config);
    config.logging = UA_Log_Stdout_new(UA_LOGLEVEL_FATAL);
    if(count > 7) {
        UA_ByteString certificate = load(given[6]), key = load(given[7]);
        bool isStrict = count > 9;
        UA_ByteString authority = UA_BYTESTRING_NULL, revoked = UA_BYTESTRING_NULL;
        if(isStrict) { authority = load(given[8]); revoked = load(given[9]); }
        UA_StatusCode code = UA_ServerConfig_setDefaultWithSecurityPolicies(&config, port, &certificate, &key, &authority, isStrict ? 1 : 0, NULL, 0,
            &revoked, isStrict ? 1 : 0);
        if(code != UA_STATUSCODE_GOOD) { fprintf(stderr, "%s\n", UA_StatusCode_name(code)); return 2; }
        if(!isStrict) {
            UA_CertificateVerification_AcceptAll(&config.secureChannelPKI);
            UA_CertificateVerification_AcceptAll(&config.sessionPKI);
        }
        UA_String_clear(&config.applicationDescription.applicationUri);
            config.applicationDescription.applicationUri = UA_STRING_ALLOC("urn:test:foreign-server");
        UA_UsernamePasswordLogin user = {UA_STRING("anna"), UA_STRING("geheim")};
        UA_AccessControl_default(&config, true, NULL, 1, &user);
    } else UA_ServerConfig_setMinimal(&config, port, NULL);
    config.maxNodesPerRead = config.maxNodesPerBrowse = config.maxMonitoredItemsPerCall = limit;
    
    config.maxSecurityTokenLifetime = (UA_UInt32)atoi(given[4]);
    // sessions are revised down
    config.maxSessionTimeout = 8000;
    config.samplingIntervalLimits.min = 20;
    gathering = UA_HistoryDataGathering_Default(1);
    backend = UA_HistoryDataBackend_Memory(1, 300);
    if(isSmall) {
        config.maxSubscriptions = 1;
        config.maxMonitoredItemsPerSubscription = 5;
    } else {
        config.historyDatabase = UA_HistoryDatabase_default(gathering);
        config.historizingEnabled = true;
        config.maxReturnDataValues = 100;
        config.accessHistoryDataCapability = true;
    }
    server = UA_Server_newWithConfig(&config);
    if(server == NULL) return 2;
    own = UA_Server_addNamespace(server, "urn:test:foreign");
    makeTypes();
    UA_DataTypeArray custom = {NULL, 3, types, false};
    UA_Server_getConfig(server)->customDataTypes = &custom;
    addType(&types[0], "Point"); addType(&types[1], "Path"); addType(&types[2], "Optional");
    UA_ObjectAttributes folder = UA_ObjectAttributes_default;
    folder.displayName = UA_LOCALIZEDTEXT("", "Anlage");
    UA_Server_addObjectNode(server, UA_NODEID_STRING(own, "Anlage"), UA_NODEID_NUMERIC(0, UA_NS0ID_OBJECTSFOLDER), UA_NODEID_NUMERIC(0,
        UA_NS0ID_ORGANIZES), UA_QUALIFIEDNAME(own, "Anlage"), UA_NODEID_NUMERIC(0, UA_NS0ID_BASEOBJECTTYPE), folder, NULL, &plant);
    addOdd();
    if(isSmall) {
        UA_Double value = 3.5;
        addIn(UA_NODEID_NUMERIC(0, UA_NS0ID_OBJECTSFOLDER), UA_NODEID_NULL, "numbered", &value, 0, &UA_TYPES[UA_TYPES_DOUBLE]);
    } else addHistory();
    addMethod();
    for(int n = 0; n < plain; n++) {
        char *name = malloc(20);
        sprintf(name, "p%d", n);
        UA_Double value = n;
        add(UA_NODEID_STRING(own, name), name, &value, 0, &UA_TYPES[UA_TYPES_DOUBLE]);
    }
    if(UA_Server_run_startup(server) != UA_STATUSCODE_GOOD) { fprintf(stderr, "port %d cannot be listened on\n", port); return 2; }
    printf("ready\n");
    fflush(stdout);
    char line[1000];
    size_t length = 0;
    for(;;) {
        UA_Server_run_iterate(server, false);
        struct pollfd in = {0, POLLIN, 0};
        if(poll(&in, 1, 5) <= 0) continue;
        ssize_t got = read(0, line + length, 1);
        if(got <= 0) return 0;
        if(line[length] != '\n') { if(length < sizeof line - 2) length++; continue; }
        line[length] = 0;
        length = 0;
        obey(line);
    }
}
