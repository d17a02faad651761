#pragma once
// Six events as plants send them, in structured mode. Constant data for tests.

#include <array>
#include <string_view>

namespace millwright::codec::test {

// clang-format off
inline constexpr std::array<std::string_view, 6> kExamples{
R"({"specversion":"1.0","id":"01JD8Q0V7M3K","source":"/lyon/edge/vib-gw-02",
"type":"com.acme.iot.vibration.features.v1",
"subject":"acme/lyon/utilities/cooling/p-101","time":"2026-03-02T06:10:00Z",
"recordedtime":"2026-03-02T06:10:04Z",
"partitionkey":"P-101","sequence":"0000184211",
"datacontenttype":"application/json",
"data":{"assetId":"P-101",
"sensorId":"VB-7731","point":"DE","axis":"H","vRms":{"value":3.24,"unit":"mm/s",
"band":"10-1000Hz"},"aPk":{"value":41.2,"unit":"m/s2"},"kurtosis":6.1,
"bands":[{"name":"BPFO","hz":75.7,"amp":0.92,"spectrum":"envelope"},
{"name":"1x","hz":24.7,"amp":0.61,"spectrum":"velocity"}],
"rpm":1482,"load":{"value":78,"unit":"%"},"quality":"GOOD","historical":false}})",
R"({"specversion":"1.0","id":"L2-FILL-000981233","source":"/lyon/mes",
"type":"com.acme.mes.equipment.statechanged.v1",
"subject":"acme/lyon/packaging/line2/filler","time":"2026-03-02T06:12:31+01:00",
"partitionkey":"L2-FILLER",
"datacontenttype":"application/json",
"data":{"workUnitId":"L2-FILLER","state":"NotExecuting","mode":"Processing",
"previousState":"Executing",
"reasonCode":"MECH-JAM","planned":false,"orderId":"1000456"}})",
R"({"specversion":"1.0","id":"4000789:TECO:3","source":"/sap/s4/prd/100",
"type":"com.acme.cmms.workorder.statuschanged.v1",
"subject":"acme/lyon/utilities/cooling/p-101","time":"2026-03-05T13:40:00Z",
"partitionkey":"P-101","correlationid":"case-2026-00317",
"datacontenttype":"application/json",
"data":{"woId":"4000789","assetId":"P-101","type":"PM01","status":"TECO",
"actualStart":"2026-03-05T09:05:00Z",
"actualEnd":"2026-03-05T12:20:00Z",
"downtime":{"value":3.25,"unit":"h"},"problem":"VIB-HIGH",
"cause":"BRG-OUTER","remedy":"REPLACED","cost":{"value":1180.5,"currency":"EUR"},
"externalRef":"task-7f3a"}})",
R"({"specversion":"1.0","id":"QL-030000123-CH20-r1","source":"/lyon/qms",
"type":"com.acme.qms.inspection.result.v1",
"subject":"acme/lyon/quality/lot/030000123","time":"2026-03-02T07:02:11Z",
"partitionkey":"030000123",
"datacontenttype":"application/json",
"data":{"lotId":"030000123","materialId":"FG-2041","batch":"B260302A","charId":"FILL-VOL",
"specVersion":7,"unit":"mL",
"lsl":495.0,"usl":505.0,"values":[500.2,499.7,501.1,500.4,498.9],"nonconforming":0,
"gaugeId":"GA-118"}})",
R"({"specversion":"1.0","id":"4500012345-10-c2","source":"/supplier-portal/S-8804",
"type":"com.acme.supplier.order.confirmed.v1",
"subject":"po/4500012345/10","time":"2026-03-01T15:20:00Z",
"partitionkey":"4500012345",
"datacontenttype":"application/json",
"data":{"poId":"4500012345","item":10,"supplierId":"S-8804","materialId":"BRG-6312-C3",
"qty":{"value":2,"unit":"C62"},
"requestedDate":"2026-03-04","firstConfirmedDate":"2026-03-04",
"confirmedDate":"2026-03-09","replaces":"4500012345-10-c1","reason":"CAPACITY"}})",
R"({"specversion":"1.0","id":"EM-07-20260302T0600Z","source":"/lyon/ems",
"type":"com.acme.energy.interval.metered.v1",
"subject":"acme/lyon/packaging/line2","time":"2026-03-02T06:15:00Z",
"partitionkey":"EM-07",
"datacontenttype":"application/json",
"data":{"meterId":"EM-07","from":"2026-03-02T06:00:00Z","to":"2026-03-02T06:15:00Z",
"energy":{"value":48.6,"unit":"kW.h"},"reactive":{"value":14.1,"unit":"kvar.h"},
"estimated":false}})",
};
// clang-format on

}  // namespace millwright::codec::test
